// response.mjs - Twilio.Response: what a handler sets by itself
const COOKIE = 'Set-Cookie';
const isCookie = (name) => name.toLowerCase() === 'set-cookie';

export class Response {
	constructor({statusCode = 200, body = null, headers = {}} = {}) {
		this.statusCode = statusCode;
		this.body = body;
		this.setHeaders(headers);
	}

	setStatusCode(code) {
		this.statusCode = code;
		return this;
	}

	setBody(body) {
		this.body = body;
		return this;
	}

	/** All headers anew; a value may be a list. */
	setHeaders(headers) {
		if (headers === null || typeof headers !== 'object')
			return this;
		this.headers = {[COOKIE]: []};
		for (const [name, value] of Object.entries(headers))
			this.headers[isCookie(name) ? COOKIE : name] =
				isCookie(name) ? [value].flat() : value;
		return this;
	}

	appendHeader(name, value) {
		if (value !== null && typeof value === 'object' && !Array.isArray(value))
			throw new Error('Header value cannot be an object');
		const key = isCookie(name) ? COOKIE : name;
		const before = this.headers[key];
		this.headers[key] = before === undefined ? value
			: [before, value].flat();
		return this;
	}

	/** @param attributes ["Secure", "Max-Age=60"] */
	setCookie(name, value, attributes = []) {
		return this.appendHeader(COOKIE, [`${name}=${value}`, ...attributes]
			.join(';'));
	}

	removeCookie(name) {
		this.headers[COOKIE] = this.headers[COOKIE]
			.filter((cookie) => !cookie.startsWith(`${name}=`));
		return this.setCookie(name, '', ['Max-Age=0']);
	}
}
