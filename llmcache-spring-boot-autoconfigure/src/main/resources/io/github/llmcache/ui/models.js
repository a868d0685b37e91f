// The table of models, sorted by whatever column is chosen.

import { el, link, name, scrollable } from './dom.js';
import { integer, money, percent, size, visible } from './format.js';

const COLUMNS = [
	['Model', (model) => model.id],
	['Hit rate', (model) => model.hitRatio, percent],
	['Hits', (model) => model.hits, integer, 'minor'],
	['Misses', (model) => model.misses, integer, 'minor'],
	['Saved', (model) => model.saved, money],
	['Spent', (model) => model.spent, money, 'minor'],
	['Entries', (model) => model.entries, integer],
	['Size', (model) => model.bytes, size]
];

const SAVED = 4;

export function modelTable(models) {
	let sorted = { column: SAVED, descending: true };
	const body = el('tbody');
	const headings = COLUMNS.map(([title, , format, kind], column) => el('th', { scope: 'col', class: css(format, kind) },
		el('button', { type: 'button', class: 'sort', onclick: () => choose(column) }, title)));
	const choose = (column) => {
		sorted = { column, descending: sorted.column === column ? !sorted.descending : column > 0 };
		fill();
	};
	const fill = () => {
		headings.forEach((heading, column) => {
			if (column === sorted.column) {
				heading.setAttribute('aria-sort', sorted.descending ? 'descending' : 'ascending');
			}
			else {
				heading.removeAttribute('aria-sort');
			}
		});
		body.replaceChildren(...models.toSorted(order(sorted)).map(row));
	};
	fill();
	return scrollable(el('table', {}, el('caption', {}, 'Models'), el('thead', {}, el('tr', {}, headings)), body));
}

function order({ column, descending }) {
	const value = COLUMNS[column][1];
	const sign = descending ? -1 : 1;
	return (left, right) => {
		const [a, b] = [value(left) ?? null, value(right) ?? null];
		if (a === null || b === null) {
			return (a === null ? 1 : 0) - (b === null ? 1 : 0);
		}
		return sign * (typeof a === 'string' ? a.localeCompare(b) : a - b) || left.id.localeCompare(right.id);
	};
}

function row(model) {
	const [, ...values] = COLUMNS;
	return el('tr', {},
		el('th', { scope: 'row' }, el('a', { href: link('/entries', { model: model.id }) }, name(visible(model.id)))),
		values.map(([, value, format, kind]) => el('td', { class: css(format, kind) }, format(value(model)))));
}

const css = (format, kind) => [format ? 'number' : null, kind].filter(Boolean).join(' ') || null;
