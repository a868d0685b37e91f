// Says why a request would not be answered from the cache.

import * as api from './api.js';
import { el, link, name, scrollable } from './dom.js';
import { ago, exact, plural, visible } from './format.js';
import { empty, problem } from './states.js';

const OUTCOMES = {
	HIT: 'It would be answered from the cache',
	NOT_STORED: 'There is no entry for it',
	EXPIRED: 'Its entry has expired',
	TOO_OLD: 'Its entry is older than it accepts',
	TOO_FEW_SAMPLES: 'Its entry holds too few samples',
	UNREADABLE: 'Its entry cannot be read',
	NOT_LOOKED_UP: 'The cache is not asked',
	STORE_FAILED: 'The store fails'
};

export async function explain({ signal, say }) {
	const known = await api.overview(signal);
	if (!known.capabilities.explain) {
		return {
			content: [empty('Explaining is switched off',
				el('p', {}, 'Why a request misses can be found out here once the application allows it:'),
				el('pre', { class: 'code' }, 'llmcache.explain.endpoint=true'))]
		};
	}
	const result = el('div', { class: 'results' });
	const input = el('textarea', { id: 'request', class: 'code', rows: 9, spellcheck: 'false', required: true, 'aria-describedby': 'request-hint' },
		example(known.models));
	const form = el('form', { class: 'explain', 'aria-label': 'Request to explain', onsubmit },
		el('label', { for: 'request' }, 'Request'),
		el('p', { id: 'request-hint', class: 'quiet' }, 'Members as in InferenceRequest: model, system, prompt or messages, temperature, maxTokens, … Nothing is sent to a provider.'),
		input,
		el('p', { class: 'actions' }, el('button', { type: 'submit', class: 'primary' }, 'Explain')));

	async function onsubmit(event) {
		event.preventDefault();
		result.setAttribute('aria-busy', 'true');
		try {
			const explanation = await api.explain(input.value);
			result.replaceChildren(show(explanation, known.capabilities.values));
			say(OUTCOMES[explanation.outcome] ?? 'Explained', false);
		}
		catch (failure) {
			result.replaceChildren(failure.status === 400 ? invalid(failure) : problem(failure));
		}
		result.setAttribute('aria-busy', 'false');
	}

	return { content: [form, result] };
}

function example(models) {
	const [model = 'gpt-4.1'] = Object.keys(models);
	return JSON.stringify({ model, prompt: 'Name three rivers of France.', temperature: 0 }, null, 2);
}

function invalid(failure) {
	return el('p', { class: 'notice', role: 'alert' }, el('b', {}, 'The request cannot be explained. '), visible(failure.message));
}

function show({ model, outcome, reason, compared, nearest }, values) {
	return el('section', { class: `explanation ${outcome === 'HIT' ? 'hit' : ''}` },
		el('h2', {}, OUTCOMES[outcome] ?? visible(outcome)),
		el('p', {}, visible(reason)),
		el('p', { class: 'quiet' }, `Compared with ${plural(compared, 'entry', 'entries')} of `, name(visible(model))),
		nearest.map((entry) => near(entry, model, values)));
}

function near({ key, createdAt, differences }, model, values) {
	return el('article', { class: 'near' },
		el('h3', {}, differences.length === 0 ? 'Its own entry ' : 'Near to it: ',
			el('a', { class: 'code', href: link(`/entry/${key}`, { model }) }, key.slice(0, 12)),
			el('small', {}, 'made ', el('time', { datetime: createdAt, title: exact(createdAt) }, ago(createdAt)))),
		differences.length === 0 ? null : differenceTable(key, differences, values));
}

function differenceTable(key, differences, values) {
	return scrollable(el('table', { class: 'differences' },
		el('caption', { class: 'hidden' }, `Differences from ${key.slice(0, 12)}`),
		el('thead', {}, el('tr', {}, ['Where', 'What differs', ...(values ? ['Stored', 'Requested'] : [])]
			.map((title) => el('th', { scope: 'col' }, title)))),
		el('tbody', {}, differences.map((one) => el('tr', {},
			el('th', { scope: 'row', class: 'code' }, name(visible(one.pointer))),
			el('td', {}, visible(one.description)),
			values ? [one.stored, one.requested].map((value) =>
				el('td', { class: 'code value' }, value ? name(visible(value)) : 'none')) : null)))));
}
