// event.mjs - an HTTP request as the `event` of a handler
import {parse} from 'node:querystring';

const PARAMETERS_MAX = 1000;
// What a function is not told: it belongs to the connection or to proxies.
const HIDDEN = new Set(['connection', 'proxy-connection', 'expect', 'host',
	'proxy-authorization', 'proxy-authenticate', 'referer', 'trailer',
	'transfer-encoding', 'upgrade', 'via', 'x-real-ip']);
const HIDDEN_PREFIX = /^(?:x-accel-|x-forwarded-|i-twilio-)/;

/** What is wrong with a request: its status and one sentence. */
export class Refusal extends Error {
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

/** Add a member; a second value of a name makes a list. `__proto__` is a name
 *  like others to the sender, not to us. */
function put(object, name, value) {
	if (name === '__proto__')
		return;
	if (!Object.hasOwn(object, name))
		object[name] = value;
	else
		object[name] = [object[name], value].flat();
}

/** @param rawHeaders [name, value, name, value …], as Node has them */
export function headersOf(rawHeaders) {
	const headers = {};
	for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
		const name = rawHeaders[i].toLowerCase();
		if (!HIDDEN.has(name) && !HIDDEN_PREFIX.test(name))
			put(headers, name, rawHeaders[i + 1]);
	}
	return headers;
}

function plain(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** @param header of Cookie, or undefined */
function cookiesOf(header) {
	const cookies = {};
	for (const part of (header ?? '').split(';')) {
		const [, name, value] = /^\s*([^=\s]+)\s*=\s*"?(.*?)"?\s*$/.exec(part) ?? [];
		if (name && name !== '__proto__' && !Object.hasOwn(cookies, name))
			cookies[name] = plain(value);
	}
	return cookies;
}

/** Form encoding -> {name: value or [values]}, in the order of arrival */
function formOf(text) {
	const form = {};
	if (text.split('&', PARAMETERS_MAX + 1).length > PARAMETERS_MAX)
		throw new Refusal(413, `more than ${PARAMETERS_MAX} parameters`);
	for (const [name, value] of Object.entries(parse(text, '&', '=',
		{maxKeys: 0})))
		if (name !== '__proto__')
			form[name] = value;
	return form;
}

/** The parameters of a body; {} of a type that functions do not read. */
function bodyOf(type, body) {
	if (type === 'application/x-www-form-urlencoded')
		return formOf(body.toString('utf8'));
	if (type !== 'application/json' || !body.length)
		return {};
	try {
		return JSON.parse(body.toString('utf8'), (name, value) =>
			(name === '__proto__' ? undefined : value));
	} catch {
		throw new Refusal(400, 'the body is not JSON');
	}
}

/**
 * @param request {rawHeaders, headers} as Node's IncomingMessage
 * @param query the text behind "?"
 * @param body Buffer
 * @return {event, form: parameters that X-Twilio-Signature covers beside the
 *  URL, or undefined}; of a name in both, the body's value stands
 * @throws Refusal
 */
export function eventOf({rawHeaders, headers}, query, body) {
	const type = (headers['content-type'] ?? '').split(';')[0].trim()
		.toLowerCase();
	const sent = bodyOf(type, body);
	const event = {
		request: {headers: headersOf(rawHeaders),
			cookies: cookiesOf(headers.cookie)},
		...formOf(query),
		...(typeof sent === 'object' ? sent : {}),
	};
	return {event, form: type === 'application/x-www-form-urlencoded'
		? sent : undefined};
}
