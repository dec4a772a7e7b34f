// api.mjs - the part of the REST API that a router asks, as it answers: the
// shapes of the published specification, two records a page
import http from 'node:http';

const PAGE = 2;
const DATE = 'Wed, 11 Sep 2019 17:51:38 -0000';
const sidOf = (prefix, n) => prefix + String(n).padStart(32, '0');

/** @param domains {SD…: [{name: [users]}]}: lists of users of each domain */
export class Api {
	constructor({account, token, domains}) {
		Object.assign(this, {account, token, requests: [], failing: false});
		this.lists = Object.values(domains).flat();
		this.mappings = Object.fromEntries(Object.entries(domains).map(
			([sd, lists]) => [sd, lists.map((l) => this.lists.indexOf(l))]));
		this.server = http.createServer((req, res) => this.#serve(req, res));
	}

	async open() {
		await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
		this.url = `http://127.0.0.1:${this.server.address().port}`;
		return this;
	}

	close() {
		this.server.close();
		this.server.closeAllConnections();
	}

	#serve(req, res) {
		const url = new URL(req.url, 'http://api');
		this.requests.push({method: req.method, url: req.url,
			headers: req.headers});
		const [status, body] = this.#answer(req, url);
		res.writeHead(status, {'content-type': 'application/json'});
		res.end(JSON.stringify(body));
	}

	#error(status, code, message) {
		return [status, {code, message, status,
			more_info: `https://www.twilio.com/docs/errors/${code}`}];
	}

	#answer(req, url) {
		const basic = Buffer.from(`${this.account}:${this.token}`)
			.toString('base64');
		if (req.headers.authorization !== `Basic ${basic}`)
			return this.#error(401, 20003, 'Authenticate');
		if (this.failing)
			return this.#error(500, 20500, 'Internal Server Error');
		const base = `/2010-04-01/Accounts/${this.account}/SIP/`;
		const path = url.pathname.replace(base, '');
		const [, domain] = /^Domains\/(SD\w+)\/Auth\/Registrations\/CredentialListMappings\.json$/
			.exec(path) ?? [];
		if (this.mappings[domain])
			return this.#page(url, 'contents', this.mappings[domain].map((n) => ({
				account_sid: this.account, date_created: DATE, date_updated: DATE,
				friendly_name: `list ${n}`, sid: sidOf('CL', n)})));
		const [, list] = /^CredentialLists\/CL0*(\d+)\/Credentials\.json$/
			.exec(path) ?? [];
		if (list === undefined)
			return this.#error(404, 20404, `The requested resource ${
				url.pathname} was not found`);
		return this.#page(url, 'credentials', this.lists[list].map((username, n) => ({
			sid: sidOf('CR', n), account_sid: this.account,
			credential_list_sid: sidOf('CL', list), username, date_created: DATE,
			date_updated: DATE, uri: `${base}CredentialLists/${
				sidOf('CL', list)}/Credentials/${sidOf('CR', n)}.json`})));
	}

	#page(url, key, all) {
		const page = Number(url.searchParams.get('Page') ?? 0);
		const at = page * PAGE;
		const uriOf = (n) => `${url.pathname}?PageSize=${PAGE}&Page=${n}`
			+ (n ? `&PageToken=PA${n}` : '');
		const items = all.slice(at, at + PAGE);
		return [200, {[key]: items, end: at + Math.max(0, items.length - 1),
			first_page_uri: uriOf(0), page, page_size: PAGE, start: at,
			next_page_uri: at + PAGE < all.length ? uriOf(page + 1) : null,
			previous_page_uri: page ? uriOf(page - 1) : null, uri: uriOf(page)}];
	}
}
