// Speaks to the endpoint, wherever it is mounted: all addresses are relative to the page's own.
// What is not known is null or missing in its answers.

// A slash at the end names the same page.
const page = location.pathname.replace(/\/+$/, '');
const endpoint = page.slice(0, page.lastIndexOf('/'));

const FRESH_FOR = 30_000;

let known = { at: -Infinity };

export class Problem extends Error {

	constructor(status, message) {
		super(message);
		this.status = status;
	}

}

// What the application does and holds. Other views need little of it, so they take what is there.
export async function overview(signal, fresh = false) {
	if (fresh || performance.now() - known.at > FRESH_FOR) {
		known = { data: await request('GET', `${page}/data/overview`, { signal }), at: performance.now() };
	}
	return known.data;
}

export const backend = () => known.data?.backend ?? '';

export function entries(conditions, signal) {
	return request('GET', `${page}/data/entries${query(conditions)}`, { signal });
}

export function entry(key, model, signal) {
	return request('GET', `${page}/data/entries/${key}${query({ model })}`, { signal });
}

export async function remove(conditions) {
	known = { at: -Infinity };
	return (await request('DELETE', `${endpoint}${query(conditions)}`)).deleted;
}

export function explain(json) {
	return request('POST', `${endpoint}/explain`, {
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ request: json })
	});
}

function query(conditions) {
	const given = Object.entries(conditions).filter(([, value]) => value);
	return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

async function request(method, address, { headers = {}, body, signal } = {}) {
	let response;
	try {
		response = await fetch(address, {
			method, body, signal, cache: 'no-store', credentials: 'same-origin', redirect: 'manual',
			headers: { ...headers, ...(method === 'GET' ? {} : csrf()), Accept: 'application/json',
				// Asks Spring Security for a plain 401 in place of its form or the browser's
				'X-Requested-With': 'XMLHttpRequest' }
		});
	}
	catch (failure) {
		throw signal?.aborted ? failure : new Problem(0, '');
	}
	const answer = await json(response);
	if (response.ok && answer !== null) {
		return answer;
	}
	throw new Problem(status(response), answer?.error ?? '');
}

// An application that sends people to its form to sign in redirects, or answers with that form.
function status(response) {
	return (response.type === 'opaqueredirect' || response.ok) ? 401 : response.status;
}

async function json(response) {
	if (!(response.headers.get('Content-Type') ?? '').includes('json')) {
		return null;
	}
	try {
		return await response.json();
	}
	catch {
		throw new Problem(0, '');
	}
}

function csrf() {
	const token = document.cookie.split('; ').find((cookie) => cookie.startsWith('XSRF-TOKEN='));
	return token ? { 'X-XSRF-TOKEN': decoded(token.slice('XSRF-TOKEN='.length)) } : {};
}

// Not every cookie of that name need be encoded
function decoded(value) {
	try {
		return decodeURIComponent(value);
	}
	catch {
		return value;
	}
}
