// routes.mjs - the API's own tables of paths and of parameters, so that a test of all
//              operations is one of those that are added later, too
import {readFileSync, readdirSync} from 'node:fs';

const folder = new URL('../../../services/rest-api/resources/', import.meta.url);
const read = (name) => readFileSync(new URL(name, folder), 'utf8');

/** Every path with its methods: {pattern, resource, get, post, remove, master} */
export function routes() {
	const rows = [];
	const table = read('routes.c').split('resources_routes[] = {')[1];
	for (const line of table.split('\n')) {
		const crud = line.match(/CRUD\("(.+?)", "(.+?)", (\w+)\)/);
		const row = line.match(
			/\{"(.*?)", (?:&(\w+)|NULL), (\w+), (\w+), (\w+), (\w+)\}/);
		if (crud) {
			rows.push({pattern: crud[1], resource: crud[3], get: true, post:
				'crud_create'});
			rows.push({pattern: crud[2], resource: crud[3], get: true, post:
				'crud_update', remove: true});
		} else if (row) {
			const [, pattern, resource, get, post, remove] = row;
			rows.push({pattern, resource, get: get !== 'NULL',
				post: post !== 'NULL' && post, remove: remove !== 'NULL'});
		}
	}
	return rows;
}

const TYPES = {PARAM_URL: 21402, PARAM_METHOD: 21403};

function rowOf(text, numbers) {
	const number = (word, otherwise) => word === undefined ? otherwise
		: Number(numbers[word] ?? word) || otherwise;
	const named = (name) => text.match(
		new RegExp(`\\.${name} = "?([^",}]*)`))?.[1];
	let row = {name: named('name'), type: named('type'), code: named('code'),
		max: named('max'), min: named('min'), required: /required = true/.test(text),
		createOnly: /create_only = true/.test(text)};
	if (!row.name) {
		const [name, , type, required, createOnly, min, max, , , code] =
			text.match(/"[^"]*"|[^\s,]+/g).map((w) => w.replaceAll('"', ''));
		row = {name, type, required: required === 'true', createOnly:
			createOnly === 'true', min, max, code};
	}
	const type = row.type ?? 'PARAM_TEXT';
	return {...row, type, min: number(row.min, 0), max: number(row.max, 0),
		code: number(row.code, 0) || TYPES[type] || 20001};
}

/** Tables of parameters of a file: {name of the table: rows} */
function tables(source) {
	const numbers = Object.fromEntries([...source.matchAll(
		/\b([A-Z][A-Z0-9_]+) = (\d+)/g)].map((m) => [m[1], m[2]]));
	const out = {};
	for (const [, name, body] of source.matchAll(
		/static const struct param (\w+)\[\] = \{\n([\s\S]*?)\n\};/g))
		out[name] = [...body.matchAll(/^\t\{(.*)\},$/gm)].map((m) => m[1])
			.filter((text) => text !== '0').map((text) => rowOf(text, numbers));
	return out;
}

/** Which table a path takes that has handlers of its own */
const OWN = {
	Calls: ['call_create.c', 'params'],
	'Calls/{CA}': ['call_update.c', 'params'],
	'Calls/{CA}/Recordings': ['recording_control.c', 'start_params'],
	'Calls/{CA}/Recordings/{RE}': ['recording_control.c', 'update_params'],
	Limits: ['limit.c', 'params'],
	OutgoingCallerIds: ['caller_id_verify.c', 'params'],
	'/v1/Voice/{CA}/Annotation': ['insight_annotation.c', 'params'],
};

/** The parameters that a POST to this path takes, [] = no table says them. */
export function paramsOf({pattern, resource}) {
	if (OWN[pattern])
		return tables(read(OWN[pattern][0]))[OWN[pattern][1]];
	for (const file of readdirSync(folder).filter((f) => f.endsWith('.c'))) {
		const source = read(file);
		const start = resource && source.search(
			new RegExp(`struct resource ${resource} =|${resource} =`));
		if (!resource || start < 0)
			continue;
		const all = tables(source);
		const name = source.slice(start).split('\n};')[0]
			.match(/\.params = (\w+)/)?.[1] ?? 'params';
		return all[name] ?? [];
	}
	return [];
}
