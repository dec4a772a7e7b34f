// api.mjs - the official package, pointed at our API: what the README tells users
import twilio from 'twilio';

/** Sends what is meant for https://<product>.twilio.com to @p base; @p library is
 *  the package in one of its versions. */
function clientOf(library) {
	return class extends library.RequestClient {
		constructor(base) {
			super();
			this.base = base;
		}

		request(options) {
			return super.request({...options,
				uri: options.uri.replace(/^https:\/\/[a-z.]+\.twilio\.com/,
					this.base)});
		}
	};
}

export function client(base, sid, token, options = {}, library = twilio) {
	return library(sid, token, {httpClient: new (clientOf(library))(base),
		...options});
}

/** The error that a promise ends with, as {status, code}; fails without one. */
export async function refused(promise) {
	const end = await promise.then((value) => ({value}), (error) => ({error}));
	if (!end.error)
		throw new Error(`it was not refused: ${JSON.stringify(end.value)}`);
	const {status, code, message} = end.error;
	return {status, code, message};
}
