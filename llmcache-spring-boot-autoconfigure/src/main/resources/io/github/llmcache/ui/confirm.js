// Asks before something is lost. Escape and Cancel keep everything.

import { el } from './dom.js';

export function confirm({ title, content, action }) {
	return new Promise((decide) => {
		const cancel = el('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, 'Cancel');
		const proceed = el('button', { type: 'button', class: 'danger', onclick: () => dialog.close('yes') }, action);
		const dialog = el('dialog', { 'aria-labelledby': 'confirm-title' },
			el('h2', { id: 'confirm-title' }, title),
			content,
			el('p', { class: 'actions' }, cancel, proceed));
		dialog.addEventListener('close', () => {
			dialog.remove();
			decide(dialog.returnValue === 'yes');
		});
		document.body.append(dialog);
		dialog.showModal();
	});
}
