// Searches for entries, and deletes what was found.

import * as api from './api.js';
import { confirm } from './confirm.js';
import { el, link, name, scrollable } from './dom.js';
import { ago, exact, integer, money, plural, price, size, visible } from './format.js';
import { areDeletable, conditionsOf, describe, filterForm } from './filter.js';
import { empty, problem } from './states.js';

const COLUMNS = [['Key'], ['Model'], ['Finish reason', 'minor'], ['Created'], ['Last used', 'minor'],
	['Samples', 'number minor'], ['Size', 'number minor'], ['Cost', 'number']];

const LIMITS = [50, 100, 200, 500];

export async function entries({ conditions: parameters, signal, say }) {
	let conditions = conditionsOf(parameters);
	let limit = LIMITS.find((step) => step >= Number(parameters.get('limit'))) ?? LIMITS.at(-1);
	let latest = 0;
	const known = await api.overview(signal);
	const results = el('section', { class: 'results', 'aria-label': 'Results' });
	const form = filterForm(conditions, Object.keys(known.models), (wanted) => {
		conditions = wanted;
		limit = LIMITS[0];
		return load(true);
	});

	async function load(remember) {
		const search = ++latest;
		if (remember) {
			history.pushState(null, '', link('/entries', conditions));
		}
		results.setAttribute('aria-busy', 'true');
		let content;
		try {
			const found = await api.entries({ ...conditions, limit }, signal);
			content = show(found);
			say(`${plural(found.matching, 'entry', 'entries')} found`, false);
		}
		catch (failure) {
			content = [problem(failure, () => load(false))];
		}
		if (search === latest && !signal.aborted) {
			results.replaceChildren(...content.filter(Boolean));
			results.setAttribute('aria-busy', 'false');
		}
	}

	function show(found) {
		if (found.matching === 0) {
			return [Object.keys(conditions).length === 0
				? empty('Nothing is stored yet', el('p', {}, 'Answers that the application gets through ', el('code', {}, 'InferenceApi'), ' appear here.'))
				: empty('No entry matches', el('p', {}, 'Loosen or clear a condition. Names are matched as a whole, ages from when an entry was made.'))];
		}
		return [heading(found), entryTable(found.entries), more(found)];
	}

	function heading(found) {
		return el('div', { class: 'bar' },
			el('h2', {}, plural(found.matching, 'entry', 'entries')),
			el('p', { class: 'quiet' }, `${size(found.bytes)}, had cost ${money(found.cost)}`),
			known.capabilities.deletion && areDeletable(conditions)
				? el('button', { type: 'button', class: 'danger', onclick: removeAll }, 'Delete all that match…') : null);
	}

	function more(found) {
		const shown = found.entries.length;
		if (shown >= found.matching) {
			return null;
		}
		const next = LIMITS.find((step) => step > limit);
		return el('p', { class: 'more' }, `The first ${integer(shown)} of ${integer(found.matching)}. `,
			next ? el('button', { type: 'button', onclick: () => showMore(next, shown) }, 'Show more')
				: 'Search with more conditions to see the others.');
	}

	async function showMore(next, shown) {
		limit = next;
		await load(false);
		history.replaceState(null, '', link('/entries', { ...conditions, limit }));
		results.querySelectorAll('tbody a')[shown]?.focus();
	}

	async function removeAll() {
		try {
			// Counted anew, for what was found may be long ago
			const found = await api.entries({ ...conditions, limit: 1 }, signal);
			const counted = plural(found.matching, 'entry', 'entries');
			const sure = await confirm({
				title: `Delete ${counted}?`,
				content: [describe(conditions), el('p', {}, `They take ${size(found.bytes)}. To get their answers again costs about ${money(found.cost)}. This cannot be undone.`)],
				action: `Delete ${counted}`
			});
			if (sure) {
				const { order, ...wanted } = conditions;
				const deleted = await api.remove(wanted);
				await load(false);
				say(`${plural(deleted, 'entry was', 'entries were')} deleted`);
				form.querySelector('[type=submit]').focus();
			}
		}
		catch (failure) {
			results.replaceChildren(problem(failure, () => load(false)));
		}
	}

	await load(false);
	return { content: [form, results] };
}

function entryTable(found) {
	const now = Date.now();
	return scrollable(el('table', { class: 'entries' }, el('caption', { class: 'hidden' }, 'Entries'),
		el('thead', {}, el('tr', {},
			COLUMNS.map(([title, kind]) => el('th', { scope: 'col', class: kind }, title)))),
		el('tbody', {}, found.map((one) => row(one, now)))));
}

function row(one, now) {
	return el('tr', {},
		el('th', { scope: 'row' }, el('a', { class: 'code', href: link(`/entry/${one.key}`, { model: one.model }) }, one.key.slice(0, 12))),
		el('td', {}, name(visible(one.model)),
			one.namespace ? el('small', {}, 'in ', name(visible(one.namespace))) : null),
		el('td', { class: 'minor' }, one.readable ? reason(one.finishReason) : el('span', { class: 'warning' }, 'not readable'),
			one.expiresAt && Date.parse(one.expiresAt) <= now ? el('small', { class: 'warning' }, 'expired') : null),
		el('td', {}, time(one.createdAt)),
		el('td', { class: 'minor' }, time(one.lastUsed)),
		el('td', { class: 'number minor' }, integer(one.samples)),
		el('td', { class: 'number minor' }, size(one.bytes)),
		el('td', { class: 'number' }, price(one.cost)));
}

export function reason(finishReason) {
	return finishReason ? visible(finishReason).toLowerCase().replaceAll('_', ' ') : '–';
}

function time(iso) {
	return iso ? el('time', { datetime: iso, title: exact(iso) }, ago(iso)) : '–';
}
