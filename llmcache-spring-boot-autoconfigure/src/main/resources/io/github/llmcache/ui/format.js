// Numbers and times for people. What is not known is a dash.

export const UNKNOWN = '–';

const NUMBERS = 'en-US';
const DATES = 'en-GB';

const integers = new Intl.NumberFormat(NUMBERS);
const compactIntegers = new Intl.NumberFormat(NUMBERS, { notation: 'compact', maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(NUMBERS, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat(NUMBERS, { style: 'currency', currency: 'USD' });
const wholeDollars = new Intl.NumberFormat(NUMBERS, { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const fractions = new Intl.NumberFormat(NUMBERS,
	{ style: 'currency', currency: 'USD', maximumSignificantDigits: 2, minimumSignificantDigits: 2 });
const cents = new Intl.NumberFormat(NUMBERS,
	{ style: 'currency', currency: 'USD', minimumFractionDigits: 4, maximumFractionDigits: 4 });
const times = new Intl.DateTimeFormat(DATES, { dateStyle: 'medium', timeStyle: 'medium' });
const clocks = new Intl.DateTimeFormat(DATES, { timeStyle: 'short' });
const days = new Intl.DateTimeFormat(DATES, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const shortDays = new Intl.DateTimeFormat(DATES, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const SIZES = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'].map((unit) => [0, 1].map((digits) =>
	new Intl.NumberFormat(NUMBERS, { style: 'unit', unit, minimumFractionDigits: digits, maximumFractionDigits: digits })));

const SPANS = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3_600], ['minute', 60]];

function known(format) {
	return (value) => (value === null || value === undefined) ? UNKNOWN : format(value);
}

export const integer = known((value) => integers.format(value));

export const compact = known((value) => compactIntegers.format(value));

export const percent = known((value) => percents.format(value));

export const money = known((value) => {
	if (value !== 0 && Math.abs(value) < 0.01) {
		return fractions.format(value);
	}
	return (Math.abs(value) < 10_000 ? dollars : wholeDollars).format(value);
});

// The cost of one answer, which is a fraction of a cent as often as not.
export const price = known((value) => {
	return (value !== 0 && Math.abs(value) < 0.0001 ? fractions : Math.abs(value) < 1 ? cents : dollars).format(value);
});

export function axisMoney(value) {
	const amount = Math.abs(value);
	return (Number.isInteger(amount) ? wholeDollars : amount < 0.1 ? fractions : dollars).format(amount);
}

export const size = known((bytes) => {
	let unit = 0;
	let value = bytes / 1000;
	while (value >= 999.5 && unit < SIZES.length - 1) {
		value /= 1000;
		unit++;
	}
	return SIZES[unit][value < 99.95 ? 1 : 0].format(value);
});

export const plural = (count, one, many = `${one}s`) => `${integer(count)} ${count === 1 ? one : many}`;

// A time that no browser can tell is shown as it came.
const dated = (format) => (iso) => {
	const date = new Date(iso);
	return Number.isNaN(date.getTime()) ? visible(String(iso)) : format(date);
};

export const day = dated((date) => days.format(date));

export const shortDay = dated((date) => shortDays.format(date));

export const clock = dated((date) => clocks.format(date));

export const exact = dated((date) => times.format(date));

export const ago = dated((date) => {
	const seconds = (date.getTime() - Date.now()) / 1000;
	for (const [unit, length] of SPANS) {
		if (Math.abs(seconds) >= length) {
			return relative.format(Math.trunc(seconds / length), unit);
		}
	}
	return seconds > 0 ? 'in a moment' : 'just now';
});

const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2028\u2029\u2060\u2066-\u2069\ufeff]/g;

// Shows what is invisible or turns text around, which people would be fooled by.
export function visible(text) {
	return text.replaceAll('\r\n', '\n').replace(CONTROLS,
		(character) => `\u27e8U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`);
}
