// What is shown in place of data: nothing there yet, or something went wrong.

import { el } from './dom.js';
import { visible } from './format.js';

const PROBLEMS = {
	0: ['The application does not answer', 'It may be starting, have stopped, or be out of reach. What is stored is not touched by that.'],
	400: ['That cannot be searched for', 'One of the conditions is not right.'],
	401: ['You are not signed in', 'This page needs the same rights as the llmcache endpoint. Sign in to the application, then reload.'],
	403: ['You may not do that', 'Your account does not have the rights that the llmcache endpoint asks for, or the request came without the token that protects it.'],
	404: ['There is no such thing', 'It may have been deleted, or have expired, since the page showed it.'],
	405: ['That is switched off', 'The endpoint may only read: management.endpoint.llmcache.access allows no more.'],
	422: ['This entry cannot be read', 'It was written in another format, or is damaged. The cache treats it as a miss and replaces it when it is asked for again.'],
	503: ['The store fails', 'The application goes on, without the cache. Its health says more.']
};

const FINAL = [400, 404, 405];

export function problem(failure, retry) {
	const [title, explanation] = PROBLEMS[failure.status] ?? ['Something went wrong',
		failure.status ? `The application answered with status ${failure.status}.` : 'The page could not show what it was sent.'];
	return el('section', { class: 'state problem', role: 'alert' },
		el('h2', {}, title),
		el('p', {}, explanation),
		failure.status && failure.message ? el('p', { class: 'detail' }, visible(failure.message)) : null,
		retry && !FINAL.includes(failure.status) ? el('button', { type: 'button', onclick: retry }, 'Try again') : null);
}

export function empty(title, ...content) {
	return el('section', { class: 'state' }, el('h2', {}, title), ...content);
}
