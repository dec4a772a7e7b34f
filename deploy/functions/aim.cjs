// aim.cjs - every copy of the official `twilio` package in a process asks
// Trestle; no line of the application changes:
//
//     TRESTLE_PUBLIC_URL=http://127.0.0.1:8080 node --require …/aim.cjs app.js
//     NODE_OPTIONS='--require …/aim.cjs' TRESTLE_PUBLIC_URL=… npx twilio-run
//
// All versions from 3.0 on send through RequestClient.prototype.request(), and
// read opts.uri there. A client with an httpClient of its own is left alone.
'use strict';
const Module = require('node:module');

const TWILIO = /(?:^|\.)twilio\.com$/;
const FILE = /(?:^|\/)RequestClient(?:\.js)?$/;
const done = new WeakSet();

/** https://api.twilio.com/2010-04-01/… -> <base>/2010-04-01/…; the paths of
 *  Twilio's hosts do not meet, so that one host of ours has all of them */
function aimed(uri, base) {
	const url = new URL(uri);
	return TWILIO.test(url.hostname)
		? base.replace(/\/+$/, '') + url.pathname + url.search : uri;
}

function aimClient(RequestClient, base) {
	const {request} = RequestClient.prototype;
	RequestClient.prototype.request = function aimedRequest(opts) {
		return request.call(this, opts && opts.uri
			? {forever: true, ...opts, uri: aimed(opts.uri, base)} : opts);
	};
}

/** From here on. @param base URL of the API */
function aim(base) {
	const load = Module._load;
	Module._load = function aimedLoad(name, ...more) {
		const loaded = load.call(this, name, ...more);
		if (FILE.test(name)) {
			const RequestClient = loaded.default || loaded;
			if (RequestClient.prototype?.request && !done.has(RequestClient)) {
				done.add(RequestClient);
				aimClient(RequestClient, base);
			}
		}
		return loaded;
	};
}

module.exports = {aim, aimed};
if (module.parent === undefined || module.parent?.id === 'internal/preload')
	if (process.env.TRESTLE_PUBLIC_URL)
		aim(process.env.TRESTLE_PUBLIC_URL);
