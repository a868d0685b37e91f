// What the cache does and holds at a glance.

import * as api from './api.js';
import { el } from './dom.js';
import { clock, compact, day, exact, integer, money, percent, plural, size, visible } from './format.js';
import { modelTable } from './models.js';
import { hitRate, periods, savings } from './plots.js';
import { empty } from './states.js';

const COUNTS = [['ever', 'All time'], ['start', 'Since start']];

const PERIODS = [['30', '30 days'], ['90', '90 days'], ['364', '1 year']];

const EXAMPLE = `inferenceApi.infer(InferenceRequest.builder("gpt-4.1")
        .user("Name three rivers of France.")
        .build());`;

export async function overview({ conditions, signal, refresh }) {
	const data = await api.overview(signal, true);
	const notices = [notice('It is not known what is stored', data.failure),
		notice('It is not known what was counted before', data.lifetime.failure)];
	if (isNew(data)) {
		return { content: [nothingYet(refresh)] };
	}
	const chosen = { since: known(COUNTS, conditions.get('since')), days: known(PERIODS, conditions.get('days')) };
	const counts = countsOf(data);
	const plots = plotsOf(data, signal);
	const choose = (what, show) => (value) => {
		chosen[what] = value;
		show(value);
		history.replaceState(null, '', `#/?${new URLSearchParams(chosen)}`);
	};
	counts.show(chosen.since);
	return {
		content: [
			el('div', { class: 'bar' },
				choice('Counted', COUNTS, chosen.since, choose('since', counts.show)), counts.when, updated(data.now, refresh)),
			...notices,
			counts.figures,
			el('div', { class: 'bar' },
				choice('Plotted', PERIODS, chosen.days, choose('days', plots.show)),
				el('p', { class: 'quiet' }, 'All processes, days in UTC')),
			plots.element,
			counts.table
		],
		shown: () => plots.show(chosen.days)
	};
}

function isNew({ failure, total, lifetime }) {
	return !failure && !lifetime.failure && total.entries === 0 && [total, lifetime.total].every((counted) => counted.hits + counted.misses === 0);
}

function nothingYet(refresh) {
	return empty('Nothing is stored yet',
		el('p', {}, 'Every answer that the application gets through ', el('code', {}, 'InferenceApi'),
			' is stored, and is counted here:'),
		el('pre', { class: 'code', tabindex: 0, role: 'region', 'aria-label': 'Example' }, EXAMPLE),
		el('p', {}, 'Ask the same twice, and the second answer comes from the cache.'),
		el('button', { type: 'button', onclick: refresh }, 'Look again'));
}

function notice(what, failure) {
	return failure ? el('p', { class: 'notice', role: 'alert' }, el('b', {}, `${what}. `), visible(failure)) : null;
}

function updated(now, refresh) {
	return el('p', { class: 'updated' }, 'As of ', el('time', { datetime: now, title: exact(now) }, clock(now)), ' ',
		el('button', { type: 'button', class: 'plain', onclick: refresh }, 'Refresh'));
}

// What was counted ever, by all processes, or since this one was started; what is stored is the same.
function countsOf(data) {
	const figures = el('dl', { class: 'figures' });
	const table = el('div');
	const when = el('p', { class: 'quiet' });
	const show = (since) => {
		const ever = since === 'ever' && data.lifetime.total;
		const counted = ever ? data.lifetime : data;
		const ids = new Set([...Object.keys(data.models), ...Object.keys(counted.models)]);
		const models = new Map(Object.entries(counted.models));
		const stored = new Map(Object.entries(data.models));
		when.replaceChildren(...sinceWhen(ever, ever ? data.lifetime.since : data.since));
		figures.replaceChildren(...keyFigures(counted.total, data.total));
		table.replaceChildren(modelTable([...ids].map((id) => ({
			...NOTHING, ...models.get(id), id, entries: stored.get(id)?.entries, bytes: stored.get(id)?.bytes
		}))));
	};
	return { figures, table, when, show };
}

const NOTHING = { hits: 0, misses: 0, hitRatio: null, saved: 0, spent: 0 };

function sinceWhen(ever, since) {
	if (!since) {
		return ['Nothing was counted yet'];
	}
	return ever ? ['By all processes since ', el('time', { datetime: since }, day(since))]
		: ['By this process, started ', el('time', { datetime: since }, exact(since))];
}

function keyFigures(counted, stored) {
	const lookups = counted.hits + counted.misses;
	return [
		figure('Hit rate', percent(counted.hitRatio), lookups > 0 ? `${integer(counted.hits)} of ${plural(lookups, 'lookup')}` : 'No lookups yet'),
		figure('Saved', money(counted.saved), `${compact(counted.savedTokens)} tokens replayed`, 'accent'),
		figure('Spent', money(counted.spent), counted.unpricedCalls > 0 ? `${plural(counted.unpricedCalls, 'call')} of unknown price left out`
			: `${compact(counted.inputTokens + counted.outputTokens)} tokens asked and answered`),
		figure('Stored', integer(stored.entries), (stored.bytes ?? null) === null ? 'Not known'
			: `${stored.entries === 1 ? 'entry' : 'entries'}, ${size(stored.bytes)}, had cost ${money(stored.stored)}`)
	];
}

function figure(title, value, detail, kind) {
	return el('div', { class: kind }, el('dt', {}, title), el('dd', { class: 'value' }, value), el('dd', { class: 'detail' }, detail));
}

function plotsOf(data, signal) {
	const element = el('div', { class: 'plots' });
	let detach = [];
	const clear = () => detach.forEach((stop) => stop());
	signal.addEventListener('abort', clear);
	return {
		element,
		show(length) {
			clear();
			const shown = periods(data.days, data.now, Number(length));
			const plots = [hitRate(shown), savings(shown)];
			element.replaceChildren(...plots.map((plot) => plot.figure));
			detach = plots.map((plot) => plot.draw());
		}
	};
}

function choice(title, options, chosen, choose) {
	return el('fieldset', { class: 'choice' }, el('legend', { class: 'hidden' }, title),
		options.map(([value, text]) => el('label', {},
			el('input', { type: 'radio', name: title, value, checked: value === chosen, onchange: () => choose(value) }),
			el('span', {}, text))));
}

function known(options, value) {
	return options.some(([option]) => option === value) ? value : options[0][0];
}
