// One entry: what is known of it, and what was asked and answered if that may be shown.

import * as api from './api.js';
import { confirm } from './confirm.js';
import { el, link, name } from './dom.js';
import { UNKNOWN, ago, exact, integer, price, size, visible } from './format.js';
import { reason } from './entries.js';
import { problem } from './states.js';

export async function entry({ path: key, conditions, signal, say, leave }) {
	const model = conditions.get('model');
	const [found, known] = await Promise.all([read(key, model, signal), api.overview(signal)]);
	const failures = el('div');
	return {
		content: [
			el('div', { class: 'bar' },
				el('p', { class: 'key code' }, found.key),
				el('button', { type: 'button', class: 'plain', onclick: () => copy(found.key, say) }, 'Copy key'),
				known.capabilities.deletion ? el('button', { type: 'button', class: 'danger', onclick: remove }, 'Delete…') : null),
			failures,
			...(found.failure ? [problem(found.failure)] : [facts(found), ...content(found, known)])
		]
	};

	async function remove() {
		const sure = await confirm({
			title: 'Delete this entry?',
			content: el('p', {}, 'The next request like it asks the model again', found.cost ? `, for about ${price(found.cost)}` : '', '. This cannot be undone.'),
			action: 'Delete entry'
		});
		if (!sure) {
			return;
		}
		try {
			const deleted = await api.remove({ model: found.model, key: found.key });
			leave(link('/entries', { model: found.model }), deleted > 0 ? 'The entry was deleted' : 'The entry was gone already');
		}
		catch (failure) {
			failures.replaceChildren(problem(failure));
		}
	}
}

// One that is damaged can be deleted all the same.
async function read(key, model, signal) {
	try {
		return await api.entry(key, model, signal);
	}
	catch (failure) {
		if (failure.status === 422) {
			return { key, model, failure };
		}
		throw failure;
	}
}

function content(found, known) {
	return found.content ? conversation(found.content) : [hidden(known.capabilities.content)];
}

async function copy(text, say) {
	try {
		await navigator.clipboard.writeText(text);
		say('The key was copied');
	}
	catch {
		say('The browser does not allow copying here');
	}
}

function facts(found) {
	const rows = [
		['Model', name(visible(found.model))],
		['Namespace', found.namespace ? name(visible(found.namespace)) : 'none'],
		['Finish reason', reason(found.finishReason)],
		['Samples', integer(found.samples)],
		['Size', size(found.bytes)],
		['Had cost', price(found.cost)],
		['Created', time(found.createdAt)],
		['Last used', time(found.lastUsed)],
		['Expires', found.expiresAt ? time(found.expiresAt) : 'never'],
		['Asked at', found.endpoint ? name(visible([found.endpoint, found.operation].filter(Boolean).join(' · '))) : UNKNOWN]
	];
	return el('dl', { class: 'facts' }, rows.map(([title, value]) => el('div', {}, el('dt', {}, title), el('dd', {}, value))));
}

function time(iso) {
	return iso ? [el('time', { datetime: iso }, exact(iso)), el('small', {}, ago(iso))] : UNKNOWN;
}

function hidden(allowed) {
	return el('section', { class: 'state' }, el('h2', {}, allowed ? 'The request is not stored' : 'Prompt and answer are not shown'),
		el('p', {}, allowed ? 'There is nothing to show of this entry.' : 'The application has to allow that, for whoever may open this page could read them:'),
		allowed ? null : el('pre', { class: 'code' }, 'llmcache.ui.show-content=true'));
}

function conversation({ sections, request, responses, truncated }) {
	return [
		truncated ? el('p', { class: 'notice' }, 'Long texts are cut off. The command line shows all of them.') : null,
		el('section', { class: 'conversation', 'aria-label': 'Conversation' }, sections.map(section)),
		el('section', { class: 'raw', 'aria-label': 'JSON' },
			request ? json('Request as JSON', request) : null,
			responses.map((response, index) => json(responses.length === 1 ? 'Response as JSON' : `Response ${index + 1} as JSON`, response)))
	].filter(Boolean);
}

function section({ kind, heading, text }) {
	return el('article', { class: `section ${String(kind).toLowerCase()}` }, el('h2', {}, name(visible(heading))),
		text ? el('div', { class: 'text', dir: 'auto' }, visible(text)) : null);
}

function json(title, text) {
	return el('details', {}, el('summary', {}, title),
		el('pre', { class: 'code', tabindex: 0, role: 'region', 'aria-label': title }, visible(text)));
}
