// app.mjs - the application under test: what a customer of Twilio has, on
// Node's HTTP server with the official `twilio` package
import http from 'node:http';
import twilio from 'twilio';

import {until} from './wait.mjs';

/** TwiML by the package: twiml((r) => r.dial({...}, '+1555...')) */
export function twiml(build) {
	const response = new twilio.twiml.VoiceResponse();
	build(response);
	return response.toString();
}

/** One HTTP server for all scenarios; a path is /<scenario>/<name>. */
export class Application {
	constructor({ip, authToken}) {
		Object.assign(this, {ip, authToken});
		this.parts = new Map(); // scenario -> Part
		this.server = http.createServer((req, res) => this.#collect(req, res));
		this.server.keepAliveTimeout = 30000;
	}

	async open() {
		await new Promise((done) => this.server.listen(0, this.ip, done));
		this.base = `http://${this.ip}:${this.server.address().port}`;
		return this;
	}

	part(name) {
		const part = new Part(`${this.base}/${name}`);
		this.parts.set(name, part);
		return part;
	}

	#collect(req, res) {
		let body = '';
		req.on('data', (d) => body += d);
		req.on('end', () => this.#handle(req, res, body)
			.catch((e) => res.writeHead(500).end(String(e))));
	}

	async #handle(req, res, body) {
		const url = new URL(req.url, this.base);
		const [, name, ...rest] = url.pathname.split('/');
		const part = this.parts.get(name);
		const params = Object.fromEntries(new URLSearchParams(body));
		if (!part)
			return res.writeHead(404).end();
		const signed = twilio.validateRequest(part.authToken ?? this.authToken,
			req.headers['x-twilio-signature'] ?? '', `${this.base}${req.url}`,
			req.method === 'POST' ? params : {});
		await part.handle({name: rest.join('/'), method: req.method, url, signed,
			params: {...Object.fromEntries(url.searchParams), ...params},
			headers: req.headers, at: Date.now()}, res);
	}

	close() {
		this.server.close();
		this.server.closeAllConnections?.();
	}
}

/** What belongs to one scenario. */
class Part {
	constructor(base) {
		this.base = base;
		this.handlers = new Map();
		this.requests = [];
	}

	url(name) {
		return `${this.base}/${name}`;
	}

	/** As it was before the first request */
	reset() {
		this.handlers.clear();
		this.requests.length = 0;
		this.authToken = undefined;
	}

	/** @param answer TwiML, a function of the request that gives TwiML, or one
	 *  that takes (request, res) and answers itself */
	on(name, answer) {
		this.handlers.set(name, answer);
		return this.url(name);
	}

	named(name) {
		return this.requests.filter((r) => r.name === name);
	}

	/** The n-th request (from 1) to that path, when it comes. */
	async request(name, n = 1, ms = 8000) {
		await until(() => this.named(name).length >= n, ms,
			() => `request ${n} to ${name}; got `
				+ this.requests.map((r) => r.name).join(' '));
		return this.named(name)[n - 1];
	}

	async handle(request, res) {
		const handler = this.handlers.get(request.name);
		this.requests.push(request);
		if (handler === undefined)
			return res.writeHead(204).end();
		const answer = typeof handler === 'function'
			? await handler(request, res) : handler;
		if (res.headersSent || answer === undefined)
			return;
		request.answer = answer;
		res.writeHead(200, {'Content-Type': 'text/xml'}).end(answer);
	}
}
