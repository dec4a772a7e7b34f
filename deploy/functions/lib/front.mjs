// front.mjs - HTTP: from a request to the function or the file that answers it
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

import {problem} from './answer.mjs';
import {Refusal, eventOf} from './event.mjs';
import {noteOf} from './record.mjs';
import {isSigned} from './signature.mjs';

const HEADERS_MAX = 15 * 1024; // bytes
const HEADERS_COUNT_MAX = 90;
const CONNECTIONS_MAX = 2000;
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];
const REQUEST_MS = 30000; // for all of a request to arrive
const IDLE_MS = 65000;    // of a connection: longer than a client keeps it
const PREFLIGHT = {
	'access-control-allow-origin': '*',
	'access-control-allow-methods': 'GET, POST, OPTIONS',
	'access-control-allow-headers': '*',
	'access-control-expose-headers': 'ETag',
	'access-control-max-age': '86400',
};
const TYPES = {
	'.css': 'text/css; charset=utf-8', '.gif': 'image/gif',
	'.html': 'text/html; charset=utf-8', '.ico': 'image/x-icon',
	'.jpeg': 'image/jpeg', '.jpg': 'image/jpeg',
	'.js': 'text/javascript; charset=utf-8', '.json': 'application/json',
	'.mp3': 'audio/mpeg', '.ogg': 'audio/ogg', '.png': 'image/png',
	'.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8',
	'.wav': 'audio/wav', '.xml': 'text/xml; charset=utf-8',
};

/** The body of a request. @throws Refusal 413 beyond @p max bytes; Node reads
 *  and forgets the rest, so that the sender gets to our answer */
function bodyOf(req, max) {
	return new Promise((done, fail) => {
		const pieces = [];
		let length = 0;
		req.on('data', (piece) => {
			length += piece.length;
			if (length <= max)
				pieces.push(piece);
			else
				fail(new Refusal(413, `the body is longer than ${max} bytes`));
		});
		req.on('end', () => done(Buffer.concat(pieces)));
		req.on('error', fail);
	});
}

/** Nothing is made nicer: "/a/../b" is a path that no project has.
 *  @return {pathname: decoded, query: text} @throws Refusal */
function targetOf(req) {
	const [, pathname, query = ''] = /^(\/[^?]*)(?:\?(.*))?$/s.exec(req.url) ?? [];
	try {
		return {pathname: decodeURIComponent(pathname ?? '%'), query};
	} catch {
		throw new Refusal(400, 'the path is no path');
	}
}

export class Front {
	/**
	 * @param settings as readSettings() gives them
	 * @param current a function that gives {routes, functions, account}
	 * @param record Record  @param count a function of (path, status, ms)
	 */
	constructor({settings, current, record, count}) {
		Object.assign(this, {settings, current, record, count});
		this.server = http.createServer({maxHeaderSize: HEADERS_MAX,
			requestTimeout: REQUEST_MS, keepAliveTimeout: IDLE_MS,
		}, (req, res) => this.#serve(req, res));
		this.server.maxHeadersCount = 0; // counted here: Node would only cut
		this.server.maxConnections = CONNECTIONS_MAX;
	}

	/** @return promise of the port */
	async open() {
		const {listen, port} = this.settings;
		await new Promise((done, fail) => {
			this.server.once('error', fail);
			this.server.listen(port, listen, done);
		});
		return this.server.address().port;
	}

	/** No new requests; @return when the last one has its answer */
	async close() {
		await new Promise((done) => {
			this.server.close(done);
			this.server.closeIdleConnections();
			this.closing = true;
		});
	}

	async #serve(req, res) {
		const begin = process.hrtime.bigint();
		let counted = 'none'; // only paths of the project get into a metric
		try {
			const route = this.#route(req);
			counted = route.path;
			if (req.method === 'OPTIONS')
				res.writeHead(204, PREFLIGHT).end();
			else if (route.kind === 'asset')
				await this.#asset(req, res, route);
			else
				this.#write(req, res, await this.#call(req, route));
		} catch (error) {
			this.#fail(req, res, error);
		}
		this.count(counted, res.statusCode,
			Number(process.hrtime.bigint() - begin) / 1e6);
	}

	#route(req) {
		if (req.rawHeaders.length / 2 > HEADERS_COUNT_MAX)
			throw new Refusal(431, 'Request headers or cookies too long');
		if (!METHODS.includes(req.method))
			throw new Refusal(405, `there is no ${req.method} here`);
		const {pathname, query} = targetOf(req);
		const {routes} = this.current();
		const route = routes.get(pathname === '/' ? '/index.html' : pathname);
		if (!route || route.access === 'private')
			throw new Refusal(404, 'there is no such page');
		return {...route, query};
	}

	/** The URL as the sender wrote it. */
	#urlOf(req) {
		return (this.settings.url || `http://${req.headers.host ?? ''}`) + req.url;
	}

	#signed(req, form, body) {
		return isSigned({token: this.current().account.AUTH_TOKEN,
			signature: req.headers['x-twilio-signature'],
			url: this.#urlOf(req), form, body});
	}

	async #call(req, route) {
		const body = await bodyOf(req, this.settings.bodyKb * 1024);
		if (req.method !== 'POST' && body.length)
			throw new Refusal(403, `a ${req.method} has no body`);
		const {event, form} = eventOf(req, route.query, body);
		const signed = this.#signed(req, form, body);
		if (route.access === 'protected' && !signed)
			throw new Refusal(400, 'X-Twilio-Signature is missing or wrong');
		const url = this.#urlOf(req);
		const note = noteOf(signed ? event : undefined, route.path, url);
		const answer = await this.current().functions.run({path: route.path,
			file: route.file, domain: url.split('/')[2], event, note});
		if (answer.status >= 500)
			this.record.failed(note, answer.status,
				String(answer.brief ?? answer.body));
		return signed ? answer : {...answer, body: answer.brief ?? answer.body};
	}

	async #asset(req, res, route) {
		if (route.access === 'protected'
			&& !this.#signed(req, undefined, Buffer.alloc(0)))
			throw new Refusal(400, 'X-Twilio-Signature is missing or wrong');
		const {size, mtimeMs} = await stat(route.file);
		const etag = `"${size.toString(16)}-${Math.trunc(mtimeMs).toString(16)}"`;
		const headers = {etag, 'access-control-allow-origin': '*',
			'content-type': TYPES[path.extname(route.file).toLowerCase()]
				?? 'application/octet-stream'};
		if (req.headers['if-none-match'] === etag) {
			res.writeHead(304, headers).end();
			return;
		}
		res.writeHead(200, {...headers, 'content-length': size});
		if (req.method === 'HEAD') {
			res.end();
			return;
		}
		await new Promise((done) => {
			const file = createReadStream(route.file, {end: Math.max(0, size - 1)});
			file.on('error', () => res.destroy());
			file.pipe(res);
			res.on('close', () => done(file.destroy()));
		});
	}

	#write(req, res, {status, headers, body}) {
		const bytes = typeof body === 'string' ? Buffer.from(body) : body;
		res.writeHead(status, {...headers, 'content-length': bytes.length,
			...(this.closing ? {connection: 'close'} : {})});
		res.end(req.method === 'HEAD' || status === 204 ? undefined : bytes);
	}

	#fail(req, res, error) {
		if (res.headersSent || req.aborted) {
			res.destroy();
			return;
		}
		const answer = error instanceof Refusal
			? problem(error.status, error.message)
			: problem(500, `the answer of the function: ${error.message}`);
		this.#write(req, res, answer);
	}
}
