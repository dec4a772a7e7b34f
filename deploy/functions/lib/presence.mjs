// presence.mjs - /healthz and /metrics, and the `service:` hash by which people
// and programs find them
import http from 'node:http';

const TELL_MS = 1000;
const EXPIRE_MS = 3000;
const BUCKETS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000]; // ms

/** Counts for Prometheus. */
export class Metrics {
	constructor() {
		Object.assign(this, {requests: new Map(), buckets: BUCKETS.map(() => 0),
			sum: 0, n: 0, ended: 0});
	}

	request(path, status, ms) {
		const labels = `function="${path.replace(/["\\\n]/g, '\\$&')}",`
			+ `status="${status}"`;
		this.requests.set(labels, (this.requests.get(labels) ?? 0) + 1);
		this.sum += ms;
		this.n++;
		BUCKETS.forEach((le, i) => this.buckets[i] += ms <= le);
	}

	text() {
		const name = 'trestle_function_seconds';
		return [
			'# TYPE trestle_function_requests_total counter',
			...[...this.requests].map(([labels, n]) =>
				`trestle_function_requests_total{${labels}} ${n}`),
			'# TYPE trestle_function_threads_ended_total counter',
			`trestle_function_threads_ended_total ${this.ended}`,
			`# TYPE ${name} histogram`,
			...BUCKETS.map((le, i) =>
				`${name}_bucket{le="${le / 1000}"} ${this.buckets[i]}`),
			`${name}_bucket{le="+Inf"} ${this.n}`,
			`${name}_sum ${this.sum / 1000}`, `${name}_count ${this.n}`, '',
		].join('\n');
	}
}

export class Presence {
	/** @param settings as readSettings() gives them  @param metrics Metrics
	 *  @param redis Redis  @param trouble a function: why we are not well, or
	 *  undefined */
	constructor({settings, metrics, redis, trouble}) {
		Object.assign(this, {settings, metrics, redis, trouble, draining: false});
		this.server = http.createServer((req, res) => this.#serve(req, res));
	}

	async open() {
		const {address, httpPort} = this.settings;
		await new Promise((done, fail) => {
			this.server.once('error', fail);
			this.server.listen(httpPort, address, done);
		});
		this.http = `${address}:${this.server.address().port}`;
		this.started = new Date().toISOString();
		this.timer = setInterval(() => this.#tell(), TELL_MS);
	}

	close() {
		clearInterval(this.timer);
		this.server.close();
		this.server.closeAllConnections();
	}

	#tell() {
		if (!this.redis.up)
			return;
		const name = `functions:${this.settings.instance}`;
		const key = `service:${name}`;
		this.redis.tell('HSET', key, 'endpoint', '', 'sip', '', 'http', this.http,
			'started', this.started, 'version', '1', 'load', '0',
			'draining', String(this.draining));
		this.redis.tell('PEXPIRE', key, EXPIRE_MS);
		this.redis.tell('ZADD', 'services', Math.trunc(Date.now() / 1000), name);
	}

	#serve(req, res) {
		if (req.url === '/metrics') {
			res.writeHead(200, {'content-type': 'text/plain; version=0.0.4'});
			res.end(this.metrics.text());
			return;
		}
		const trouble = req.url !== '/healthz' ? 'there is no such page'
			: this.draining ? 'it ends' : this.trouble();
		res.writeHead(req.url !== '/healthz' ? 404 : trouble ? 503 : 200,
			{'content-type': 'text/plain'});
		res.end(`${trouble
			?? (this.redis.up ? 'ok' : 'ok, but Redis is away')}\n`);
	}
}
