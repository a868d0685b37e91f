// Two plots of what happened over time, drawn by Chartist, each with the same numbers as a table.

import './chartist.js';
import { el, scrollable } from './dom.js';
import { axisMoney, day, integer, money, percent, shortDay } from './format.js';

const { BarChart, LineChart, Svg, Interpolation } = globalThis.Chartist;

const DAY = 86_400_000;
const LABEL = 72;
const SHORTEST = 7;

// Chartist writes style attributes, which the page's policy forbids; what a script sets one by one is allowed.
const setAttributes = Svg.prototype.attr;
Svg.prototype.attr = function (attributes, namespace) {
	if (typeof attributes !== 'object' || attributes.style === undefined) {
		return setAttributes.call(this, attributes, namespace);
	}
	const { style, ...others } = attributes;
	this.getNode().style.cssText = style;
	return setAttributes.call(this, others, namespace);
};

// Sums up all models by day, or by week over a year, up to today.
export function periods(counted, now, length) {
	const step = length > 100 ? 7 : 1;
	const today = Math.floor(Date.parse(now) / DAY);
	const first = counted.length > 0 ? Math.floor(Date.parse(counted[0].day) / DAY) : today;
	const shown = Math.min(length, Math.max(SHORTEST * step, today - first + 1));
	const count = Math.ceil(shown / step);
	const start = today - count * step + 1;
	const sums = Array.from({ length: count }, (_, index) => ({
		from: new Date((start + index * step) * DAY).toISOString(), hits: 0, misses: 0, saved: 0, spent: 0
	}));
	for (const one of counted) {
		const sum = sums[Math.floor((Math.floor(Date.parse(one.day) / DAY) - start) / step)];
		if (sum) {
			sum.hits += one.hits;
			sum.misses += one.misses;
			sum.saved += one.saved;
			sum.spent += one.spent;
		}
	}
	return { unit: step === 1 ? 'day' : 'week', sums };
}

const rate = (sum) => (sum.hits + sum.misses > 0) ? sum.hits / (sum.hits + sum.misses) : null;

export function hitRate({ unit, sums }) {
	return plot({
		title: `Hit rate by ${unit}`,
		sums,
		columns: [['Hit rate', (sum) => percent(rate(sum))], ['Hits', (sum) => integer(sum.hits)],
			['Misses', (sum) => integer(sum.misses)]],
		read: (sum) => rate(sum) === null ? 'no lookups'
			: `${percent(rate(sum))}, ${integer(sum.hits)} of ${integer(sum.hits + sum.misses)}`,
		draw: (container, axes) => new LineChart(container, {
			labels: sums.map((sum) => shortDay(sum.from)),
			series: [sums.map((sum) => rate(sum) === null ? null : 100 * rate(sum))]
		}, {
			...axes, low: 0, high: 100, fullWidth: true, showArea: true, lineSmooth: Interpolation.none(),
			axisY: { ...axes.axisY, onlyInteger: true, scaleMinSpace: 36, labelInterpolationFnc: (value) => `${value}%` }
		})
	});
}

export function savings({ unit, sums }) {
	return plot({
		title: `Dollars by ${unit}`,
		legend: [['saved', 'Saved'], ['spent', 'Spent']],
		sums,
		columns: [['Saved', (sum) => money(sum.saved)], ['Spent', (sum) => money(sum.spent)]],
		read: (sum) => `${money(sum.saved)} saved, ${money(sum.spent)} spent`,
		// What was spent hangs below the axis, so that neither hides the other
		draw: (container, axes) => new BarChart(container, {
			labels: sums.map((sum) => shortDay(sum.from)),
			series: [{ className: 'saved', data: sums.map((sum) => sum.saved) },
				{ className: 'spent', data: sums.map((sum) => -sum.spent) }]
		}, {
			...axes, low: -highest(sums, 'spent'), high: highest(sums, 'saved') || highest(sums, 'spent') || 1, seriesBarDistance: 0,
			axisY: { ...axes.axisY, scaleMinSpace: 30, labelInterpolationFnc: axisMoney }
		})
	});
}

const highest = (sums, what) => Math.max(...sums.map((sum) => sum[what]));

function plot({ title, legend = [], sums, columns, read, draw }) {
	const container = el('div', { class: 'plot', role: 'img', 'aria-label': `${title}. ${summary(sums, read)}` });
	const reading = el('p', { class: 'reading', 'aria-hidden': 'true' });
	const show = (index) => reading.replaceChildren(el('b', {}, day(sums[index].from)), ` ${read(sums[index])}`);
	show(sums.length - 1);
	const figure = el('figure', { 'aria-label': title },
		el('figcaption', {}, el('h2', {}, title),
			legend.length > 0 ? el('p', { class: 'legend' }, legend.map(([kind, text]) => el('span', { class: kind }, text))) : null),
		reading, container,
		el('details', {}, el('summary', {}, `${title} as a table`), numbers(title, sums, columns)));
	return { figure, draw: () => start(container, sums, draw, show) };
}

function summary(sums, read) {
	const last = sums.at(-1);
	return `From ${day(sums[0].from)} to ${day(last.from)}. Last: ${read(last)}. The table below has all numbers.`;
}

function numbers(title, sums, columns) {
	return scrollable(el('table', {}, el('caption', { class: 'hidden' }, title),
		el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'From'),
			columns.map(([heading]) => el('th', { scope: 'col', class: 'number' }, heading)))),
		el('tbody', {}, sums.toReversed().map((sum) => el('tr', {}, el('th', { scope: 'row' }, day(sum.from)),
			columns.map(([, value]) => el('td', { class: 'number' }, value(sum))))))));
}

function start(container, sums, draw, show) {
	const every = () => Math.max(1, Math.ceil(sums.length / Math.max(1, Math.floor((container.clientWidth - 56) / LABEL))));
	const chart = draw(container, {
		height: '220px', chartPadding: { top: 12, right: 24, bottom: 0, left: 0 },
		axisX: { showGrid: false, labelInterpolationFnc: (label, index) => (sums.length - 1 - index) % every() === 0 ? label : null },
		axisY: { offset: 56 }
	});
	chart.on('draw', (drawn) => {
		if (drawn.type === 'bar') {
			widen(drawn, sums.length);
		}
		else if (drawn.type === 'grid' && drawn.axis.ticks[drawn.index] === 0) {
			drawn.element.addClass('zero');
		}
	});
	chart.on('created', (created) => guide(container, created, sums.length, chart instanceof LineChart, show));
	return () => chart.detach();
}

function widen({ element, chartRect }, count) {
	element.getNode().style.strokeWidth = `${Math.min(28, 0.7 * chartRect.width() / count)}px`;
}

// Tells the numbers of the day that is pointed at.
function guide(container, { chartRect, svg }, count, line, show) {
	const step = chartRect.width() / (line ? count - 1 : count);
	const marker = svg.elem('line', { y1: chartRect.y1, y2: chartRect.y2, x1: 0, x2: 0 }, 'guide').getNode();
	const indexAt = (x) => Math.min(count - 1, Math.max(0, Math[line ? 'round' : 'floor']((x - chartRect.x1) / step)));
	container.onpointermove = (event) => {
		const index = indexAt(event.clientX - container.getBoundingClientRect().left);
		const x = chartRect.x1 + (index + (line ? 0 : 0.5)) * step;
		marker.setAttribute('x1', x);
		marker.setAttribute('x2', x);
		marker.classList.add('on');
		show(index);
	};
	container.onpointerleave = () => {
		marker.classList.remove('on');
		show(count - 1);
	};
}
