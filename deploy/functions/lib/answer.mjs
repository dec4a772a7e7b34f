// answer.mjs - what a handler called back with, as an HTTP response
import {validateHeaderName, validateHeaderValue} from 'node:http';

import {Response} from './response.mjs';

const XML = 'text/xml; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json';
const ANSWER_MAX = 6 * 1024 * 1024; // bytes

/** An object of `Twilio.twiml`, of whichever version of the package. */
function isTwiml(payload) {
	return payload !== null && typeof payload === 'object'
		&& 'response' in payload && typeof payload.toString === 'function'
		&& payload.toString !== Object.prototype.toString;
}

/** @return [body, its content type] */
function bodyOf(payload) {
	if (payload === undefined || payload === null)
		return ['', undefined];
	if (isTwiml(payload))
		return [payload.toString(), XML];
	if (typeof payload === 'string')
		return [payload, TEXT];
	if (ArrayBuffer.isView(payload))
		return [payload, 'application/octet-stream'];
	return [JSON.stringify(payload), JSON_TYPE];
}

/** @throws TypeError that names a header that can not be sent */
function headersOf(response) {
	const headers = {};
	for (const [name, value] of Object.entries(response.headers)) {
		const values = [value].flat().map(String);
		if (!values.length)
			continue;
		validateHeaderName(name);
		for (const one of values)
			validateHeaderValue(name, one);
		headers[name.toLowerCase()] = Array.isArray(value) ? values : values[0];
	}
	return headers;
}

function checked(answer) {
	if (answer.body.length > ANSWER_MAX)
		throw new Error(`the answer is longer than ${ANSWER_MAX} bytes`);
	return answer;
}

/** callback(null, payload). @return {status, headers, body}
 *  @throws what `toString` or JSON throws; Error when it is too long */
export function answerOf(payload) {
	const own = payload instanceof Response;
	const [body, type] = bodyOf(own ? payload.body : payload);
	const headers = own ? headersOf(payload) : {};
	if (type && !headers['content-type'])
		headers['content-type'] = type;
	const status = own ? Number(payload.statusCode) : 200;
	if (!Number.isInteger(status) || status < 200 || status > 599)
		throw new Error(`${payload.statusCode} is no status of HTTP`);
	return checked({status, headers, body});
}

/** callback(err), or what a handler threw.
 *  @return {status, headers, body, brief: body without the stack, for others
 *  than the platform} */
export function failureOf(error) {
	if (!(error instanceof Error)) {
		const [body, type] = bodyOf(typeof error === 'object' ? error
			: String(error));
		return checked({status: 500, headers: {'content-type': type ?? TEXT},
			body});
	}
	const {message, name, stack} = error;
	return checked({status: 500, headers: {'content-type': JSON_TYPE},
		body: JSON.stringify({message, name, stack}),
		brief: JSON.stringify({message, name})});
}

/** An answer of ours, in the shape of a thrown error. */
export function problem(status, message) {
	return {status, headers: {'content-type': JSON_TYPE},
		body: JSON.stringify({message, name: 'Error'})};
}
