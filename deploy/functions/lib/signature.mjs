// signature.mjs - X-Twilio-Signature: did our platform send this request?
import {createHash, createHmac, timingSafeEqual} from 'node:crypto';

const PORTS = {'http:': '80', 'https:': '443'};
const bytes = (a, b) => (a < b ? -1 : Number(a > b));

/** @param form {name: value or [values]}  @return base64 */
export function signatureOf(token, url, form) {
	let text = url;
	for (const name of Object.keys(form).sort(bytes))
		for (const value of [...new Set([form[name]].flat())].sort(bytes))
			text += name + value;
	return createHmac('sha1', token).update(text, 'utf8').digest('base64');
}

/** The URL with and without the port that its scheme has by itself. */
function spellings(url) {
	const [, scheme, host, port, rest] =
		/^(https?:)\/\/([^/?:]+|\[[^\]]*\])(?::(\d+))?(.*)$/s.exec(url) ?? [];
	if (!scheme || (port && port !== PORTS[scheme]))
		return [url];
	return [`${scheme}//${host}${rest}`,
		`${scheme}//${host}:${PORTS[scheme]}${rest}`];
}

const same = (a, b) => a.length === b.length
	&& timingSafeEqual(Buffer.from(a), Buffer.from(b));

/**
 * @param token the account's auth_token; empty: nothing is signed
 * @param url as it was requested, query included
 * @param form parameters of a form body, undefined where there is none
 * @param body Buffer, for bodies that are no form: their SHA-256 is in the query
 * @return does @p signature prove it?
 */
export function isSigned({token, signature, url, form, body}) {
	if (!token || !signature)
		return false;
	const [, digest] = /[?&]bodySHA256=([0-9a-fA-F]{64})(?:&|$)/.exec(url) ?? [];
	if (body.length && !form && digest?.toLowerCase()
		!== createHash('sha256').update(body).digest('hex'))
		return false;
	return spellings(url).some((u) =>
		same(signatureOf(token, u, form ?? {}), signature));
}
