// The form in which entries are searched for, and what its conditions are called.

import { el } from './dom.js';
import { visible } from './format.js';

const FINISH_REASONS = ['STOP', 'LENGTH', 'TOOL_CALLS', 'CONTENT_FILTER', 'REFUSAL', 'PAUSE', 'OTHER'];

const ORDERS = [['newest', 'Newest first'], ['oldest', 'Oldest first'], ['largest', 'Largest first'],
	['costliest', 'Costliest first'], ['least-recently-used', 'Least recently used first']];

export const FIELDS = {
	model: 'Model',
	namespace: 'Namespace',
	finishReason: 'Finish reason',
	olderThan: 'Older than',
	newerThan: 'Newer than',
	key: 'Key begins with'
};

const DELETABLE = ['model', 'namespace', 'finishReason', 'olderThan'];

export function conditionsOf(parameters) {
	const conditions = {};
	for (const field of [...Object.keys(FIELDS), 'order']) {
		const value = parameters.get(field)?.trim();
		if (value && !(field === 'order' && value === 'newest')) {
			conditions[field] = value;
		}
	}
	return conditions;
}

// Whether the endpoint can delete exactly what these conditions find: it knows fewer of them.
export function areDeletable({ order, ...conditions }) {
	const fields = Object.keys(conditions);
	return fields.length > 0 && fields.every((field) => DELETABLE.includes(field));
}

export function describe({ order, ...conditions }) {
	return el('dl', { class: 'conditions' }, Object.entries(conditions).map(([field, value]) =>
		el('div', {}, el('dt', {}, FIELDS[field]), el('dd', {}, el('bdi', {}, visible(value))))));
}

export function filterForm(conditions, models, search) {
	const form = el('form', { class: 'filter', role: 'search', 'aria-label': 'Entries', onsubmit },
		field('model', { list: 'models' }),
		el('datalist', { id: 'models' }, models.map((model) => el('option', { value: model }))),
		field('namespace'),
		select('finishReason', FIELDS.finishReason, [['', 'Any'], ...reasons(conditions.finishReason)]),
		field('key', { placeholder: '4 digits or more', pattern: '[0-9a-fA-F]{4,64}', title: '4 to 64 hexadecimal digits' }),
		field('olderThan', { placeholder: 'such as 30d' }),
		field('newerThan', { placeholder: 'such as 12h' }),
		select('order', 'Order', ORDERS),
		el('p', { class: 'actions' }, el('button', { type: 'submit', class: 'primary' }, 'Search'),
			el('button', { type: 'button', class: 'plain', onclick: clear }, 'Clear')));

	function field(id, attributes = {}) {
		return el('label', {}, el('span', {}, FIELDS[id]),
			el('input', { autocomplete: 'off', spellcheck: 'false', ...attributes, name: id, value: conditions[id] ?? '' }));
	}

	function select(id, title, options) {
		return el('label', {}, el('span', {}, title), el('select', { name: id },
			options.map(([value, text]) => el('option', { value, selected: value === (conditions[id] ?? '') }, text))));
	}

	function onsubmit(event) {
		event.preventDefault();
		search(conditionsOf(new FormData(form)));
	}

	function clear() {
		for (const control of form.querySelectorAll('input')) {
			control.value = '';
		}
		for (const control of form.querySelectorAll('select')) {
			control.selectedIndex = 0;
		}
		search({});
		form.querySelector('input').focus();
	}

	return form;
}

function reasons(chosen) {
	const known = FINISH_REASONS.map((reason) => [reason, reason.toLowerCase().replaceAll('_', ' ')]);
	return !chosen || FINISH_REASONS.includes(chosen) ? known : [...known, [chosen, visible(chosen)]];
}
