// Shows the view that the address names, and keeps title, focus and navigation with it.

import * as api from './api.js';
import { el } from './dom.js';
import { visible } from './format.js';
import { problem } from './states.js';
import { overview } from './overview.js';
import { entries } from './entries.js';
import { entry } from './entry.js';
import { explain } from './explain.js';

const ROUTES = [
	[/^\/$/, 'Overview', overview],
	[/^\/entries$/, 'Entries', entries],
	[/^\/entry\/([0-9a-fA-F]{64})$/, 'Entry', entry],
	[/^\/explain$/, 'Explain', explain]
];

const SLOW = 400;

const main = document.getElementById('main');
const backend = document.getElementById('backend');
const status = document.getElementById('status');

let visit = { address: null, leaving: new AbortController() };

async function show() {
	const address = location.hash || '#/';
	if (!address.startsWith('#/')) {
		return;
	}
	const before = visit;
	before.leaving.abort();
	document.querySelector('dialog')?.close();
	const current = visit = { address, leaving: new AbortController() };
	const slow = setTimeout(() => say('Loading…'), SLOW);
	main.setAttribute('aria-busy', 'true');
	const view = await open(address, current.leaving.signal);
	clearTimeout(slow);
	if (visit !== current) {
		return;
	}
	main.replaceChildren(el('h1', { tabindex: -1 }, view.title), ...view.content.filter(Boolean));
	main.setAttribute('aria-busy', 'false');
	document.title = `${view.title} · llmcache`;
	backend.textContent = visible(api.backend());
	markNavigation(address);
	say(pending);
	pending = '';
	view.shown?.();
	if (before.address !== null) {
		moveFocus(before.address);
	}
}

async function open(address, signal) {
	const [path, query] = address.slice(1).split(/\?(.*)/s);
	const conditions = new URLSearchParams(query);
	for (const [pattern, title, view] of ROUTES) {
		const match = pattern.exec(path);
		if (match) {
			try {
				return { title, ...await view({ path: match[1], conditions, signal, say, leave, refresh: show }) };
			}
			catch (failure) {
				return { title, content: [problem(failure, show)] };
			}
		}
	}
	return { title: 'Not found', content: [problem({ status: 404 })] };
}

// Whoever comes back from an entry goes on where they were in the list.
function moveFocus(before) {
	const left = [...main.querySelectorAll('tbody a')].find((anchor) => anchor.getAttribute('href') === before);
	if (left) {
		left.focus();
		return;
	}
	main.querySelector('h1').focus({ preventScroll: true });
	scrollTo(0, 0);
}

function markNavigation(address) {
	for (const anchor of document.querySelectorAll('nav a')) {
		const target = anchor.getAttribute('href');
		const here = target === '#/' ? /^#\/(\?|$)/.test(address) : address.startsWith(target)
			|| (target === '#/entries' && address.startsWith('#/entry/'));
		if (here) {
			anchor.setAttribute('aria-current', 'page');
		}
		else {
			anchor.removeAttribute('aria-current');
		}
	}
}

let pending = '';

// Tells people who cannot see the page change; and everybody, unless it is on the page anyway.
function say(text, shown = true) {
	status.textContent = text;
	status.classList.toggle('shown', shown && text !== '');
}

// Goes to another view, which then says what was done.
function leave(address, text) {
	pending = text;
	location.hash = address;
}

document.querySelector('.skip').addEventListener('click', (event) => {
	event.preventDefault();
	main.focus();
});
addEventListener('hashchange', show);
show();
