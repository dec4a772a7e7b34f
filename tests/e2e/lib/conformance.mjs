// conformance.mjs - every published operation, tried: built or not, and as published?
import {readFileSync} from 'node:fs';
import path from 'node:path';

import {root} from './stack.mjs';

const META = ['end', 'first_page_uri', 'next_page_uri', 'page', 'page_size',
	'previous_page_uri', 'start', 'uri'];
const RFC2822 = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const PLACEHOLDER = /\{(\w+)\}/g;

export const published = JSON.parse(readFileSync(
	path.join(root, 'tests/conformance/published.json'), 'utf8'));

const tests = {
	any: () => true,
	string: (v) => typeof v === 'string',
	rfc2822: (v) => RFC2822.test(v),
	iso: (v) => ISO.test(v),
	integer: Number.isInteger,
	number: (v) => typeof v === 'number',
	boolean: (v) => typeof v === 'boolean',
	object: (v) => typeof v === 'object' && v !== null,
	array: Array.isArray,
};

function fits(type, value) {
	if (value === null)
		return type.endsWith('?') || type === 'any' || type === 'object';
	const kind = type.replace('?', '');
	if (/^[A-Z]{2}$/.test(kind))
		return value === '' || new RegExp(`^${kind}[0-9a-f]{32}$`).test(value);
	return tests[kind](value);
}

/** What is wrong with an object, as sentences. */
function problems(shape, object) {
	const wanted = published.shapes[shape];
	const out = [];
	for (const [name, type] of Object.entries(wanted)) {
		if (!(name in object))
			out.push(`${name} is missing`);
		else if (!fits(type, object[name]))
			out.push(`${name} is ${JSON.stringify(object[name])}, not ${type}`);
	}
	for (const name of Object.keys(object))
		if (!(name in wanted))
			out.push(`${name} is not published`);
	return out;
}

/** Tries operations one after the other, with what earlier ones made. */
export class Walk {
	/** @param known {collection path: sid}; @param bodies {path: parameters};
	 *  @param before {"DELETE ~/Calls/{Sid}.json": what must happen before it} */
	constructor({base, sid, token, known, bodies, before = {}}) {
		Object.assign(this, {base, sid, known, bodies, before});
		this.authorization = `Basic ${Buffer.from(`${sid}:${token}`)
			.toString('base64')}`;
		this.results = []; // {operation, built, wrong: [sentences]}
	}

	/** The path with sids for its placeholders; undefined when one is unknown. */
	#path(operation) {
		const parts = operation.path.split('/');
		let well = true;
		const filled = parts.map((part, i) => part.replace(PLACEHOLDER,
			() => {
				const collection = parts.slice(0, i).join('/');
				const sid = this.known[collection];
				well &&= sid !== undefined;
				return sid;
			}));
		return well ? filled.join('/').replace('~',
			`/Accounts/${this.sid}`).replace(/^\/Accounts/,
			'/2010-04-01/Accounts') : undefined;
	}

	async #ask(operation, where) {
		const form = operation.method === 'POST'
			? new URLSearchParams(this.bodies[operation.path] ?? {}) : undefined;
		const response = await fetch(this.base + where, {
			method: operation.method, body: form,
			headers: {authorization: this.authorization}});
		const text = await response.text();
		let json;
		try {
			json = text ? JSON.parse(text) : undefined;
		} catch {
			json = undefined;
		}
		return {status: response.status, json, text};
	}

	#judge(operation, {status, json, text}) {
		const wrong = [];
		if (status !== operation.status)
			return [`status ${status}, not ${operation.status}: ${text}`];
		if (operation.list) {
			const items = json[operation.list];
			if (!Array.isArray(items))
				return [`no list "${operation.list}" in ${Object.keys(json)}`];
			const extra = Object.keys(json).filter((k) =>
				k !== operation.list && k !== 'meta' && !META.includes(k));
			if (extra.length)
				wrong.push(`beside the list: ${extra}`);
			for (const item of items.slice(0, 1))
				wrong.push(...problems(operation.shape, item));
		} else if (operation.shape) {
			wrong.push(...problems(operation.shape, json));
		}
		return wrong;
	}


	async try(operation) {
		const where = this.#path(operation);
		const collection = operation.path.replace(/\.json$/, '');
		if (!where) {
			this.results.push({operation, built: false, why: 'nothing to ask for'});
			return;
		}
		await this.before[`${operation.method} ${operation.path}`]?.();
		const answer = await this.#ask(operation, where);
		// 21220: it wants a call that is up; api-call-record has one
		if (answer.status === 404 || answer.status === 405
			|| answer.json?.code === 21220) {
			this.results.push({operation, built: false,
				why: `${answer.status} ${answer.json?.message ?? ''}`});
			return;
		}
		const wrong = this.#judge(operation, answer);
		const first = operation.list && answer.json?.[operation.list]?.[0];
		this.known[collection] ??= (first ?? (operation.method === 'POST'
			&& answer.json))?.sid;
		this.results.push({operation, built: true, wrong});
	}

	/** Creates first, deletes last, the deeper ones before what they are in. */
	async all(operations = published.operations) {
		const rank = (o) => {
			const depth = o.path.split('/').length;
			const one = /\}(\.json)?$/.test(o.path);
			if (o.method === 'DELETE')
				return 1000 - depth;
			return depth * 10 + (one ? 5 : 0) + (o.method === 'POST' ? 0 : 1);
		};
		for (const o of [...operations].sort((a, b) => rank(a) - rank(b)))
			await this.try(o);
		return this;
	}

	score() {
		const built = this.results.filter((r) => r.built);
		return {built: built.length, of: this.results.length,
			wrong: built.filter((r) => r.wrong.length)};
	}
}
