// Builds elements. Children are elements or texts; a text is shown as it is and never read as markup.

export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	for (const [attribute, value] of Object.entries(attributes)) {
		set(element, attribute, value);
	}
	element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
	return element;
}

function set(element, attribute, value) {
	if (attribute.startsWith('on')) {
		element.addEventListener(attribute.slice(2), value);
	}
	else if (attribute === 'href' && !value.startsWith('#/')) {
		throw new TypeError('Links stay on the page');
	}
	else if (value === true) {
		element.setAttribute(attribute, '');
	}
	else if (value !== false && value !== null && value !== undefined) {
		element.setAttribute(attribute, value);
	}
}

// The address of a view; conditions that are not set are left out.
export function link(path, conditions = {}) {
	const query = new URLSearchParams(Object.entries(conditions).filter(([, value]) => value)).toString();
	return `#${path}${query ? `?${query}` : ''}`;
}

// A name that somebody else chose: it must not turn around the text beside it.
export function name(text) {
	return el('bdi', {}, text);
}

// A wide table scrolls by itself, and can be scrolled with the keyboard.
export function scrollable(table) {
	return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': table.caption.textContent }, table);
}
