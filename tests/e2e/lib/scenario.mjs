// scenario.mjs - what a case has in hand: phones, carrier, application, system
import assert from 'node:assert/strict';

import {client} from './api.mjs';
import {Baresip} from './baresip.mjs';
import {Phone} from './phone.mjs';
import {Sipp} from './sipp.mjs';
import {AUTH_TOKEN, PASSWORD, worldOf} from './tenants.mjs';
import {until} from './wait.mjs';

export const scenarios = [];

/**
 * Declare a case.
 * @param slug "feature-case": its domain is <slug>.test
 * @param options alone: true - kills processes, runs when no other does;
 *  fallback, status: the domain has such URLs; bins, domainBin, numberBin,
 *  targets, carrier, domain (or a function of the world): see tenants.mjs; account: fields of an account that
 *  only this case has; unsigned: true - requests are not
 *  expected to carry a signature
 */
export function scenario(slug, sentence, options, body) {
	const world = worldOf(slug, scenarios.length, options);
	scenarios.push({slug, sentence, options, body, world});
}

export class Scenario {
	constructor({world, app, stack, dir}) {
		Object.assign(this, world, {app, stack, dir, open: []});
	}

	/** A phone of our own making. @param options see Phone */
	async phone(user, {register = true, ...options} = {}) {
		const transport = options.transport ?? 'udp';
		const phone = await this.#keep(new Phone({user, password: PASSWORD,
			domain: this.domain, ip: this.ip,
			server: transport === 'tls' ? this.stack.tls : this.stack.server,
			...options})).open();
		if (register) {
			const response = await phone.register();
			assert.equal(response.status, 200, `REGISTER of ${user}`);
		}
		return phone;
	}

	async phones(...users) {
		return Promise.all(users.map((user) => this.phone(user)));
	}

	/** The carrier's n-th target: a SIP peer without registration. */
	async carrier(n = 0, options = {}) {
		return this.#keep(new Phone({user: 'carrier', domain: this.carrierIp,
			ip: this.carrierIp, port: 5090 + n, server: this.stack.server,
			...options})).open();
	}

	async baresip(user, options = {}) {
		return this.#keep(new Baresip({user, password: PASSWORD,
			domain: this.domain, stack: this.stack,
			dir: `${this.dir}/${this.slug}-${user.replace('+', '')}`,
			...options})).open();
	}

	/** @param name of tests/e2e/sipp/<name>.xml */
	sipp(name, options = {}) {
		return this.#keep(new Sipp({name, ip: this.ip, world: this,
			stack: this.stack, dir: this.dir, ...options})).open();
	}

	#keep(thing) {
		this.open.push(thing);
		return thing;
	}

	/** URL of the API */
	get base() {
		return this.stack.state.public_url;
	}

	/** The official package, signed in as the account of this world's domain. */
	async api() {
		const sid = await this.stack.redis('hget', `domain:${this.domain}`,
			'account_sid');
		return client(this.base, sid, AUTH_TOKEN);
	}

	/** A new subaccount of it, with a client of its own: nothing is in it. */
	async subaccount(friendlyName = this.slug) {
		const account = await (await this.api()).api.v2010.accounts
			.create({friendlyName});
		this.app.authToken = account.authToken;
		return client(this.base, account.sid, account.authToken);
	}

	/** A call in Redis, the fields of call:{CA...}. */
	async call(sid) {
		return this.stack.hash(`call:{${sid}}`);
	}

	async alerts(callSid) {
		const entries = await this.stack.redis('xrevrange', 'alerts', '+', '-',
			'COUNT', '500');
		return entries.map(([, flat]) => new Map(flat.flatMap((name, i) =>
			i % 2 ? [] : [[name, flat[i + 1]]])))
			.filter((a) => a.get('call_sid') === callSid)
			.map((a) => Number(a.get('code')));
	}

	async alert(callSid, code) {
		return until(async () => (await this.alerts(callSid)).includes(code),
			4000, `alert ${code} for ${callSid}`);
	}

	/** alice calls bob, who answers. @return [caller, callee] */
	async bridged() {
		const [alice, bob] = await this.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		await callee.answer();
		await caller.answered();
		return [caller, callee];
	}

	/** A tone each way must arrive at the other side, and only that. */
	async talk(a, b) {
		[a.rtp.frequency, b.rtp.frequency] = [440, 1000];
		await Promise.all([b.rtp.hears(440), a.rtp.hears(1000)]);
	}

	/** Every request of the platform carried a signature that the official
	 *  package accepts. */
	checkSignatures() {
		for (const r of this.app.requests)
			assert.ok(r.signed, `X-Twilio-Signature of ${r.method} ${r.url}`);
	}

	async close() {
		for (const thing of this.open.reverse())
			await thing.close();
	}

	/** What happened, for the log of a failure. */
	story() {
		const phones = this.open.filter((p) => p.wire).flatMap((p) =>
			p.messages.map(({way, msg, at}) => ({at,
				text: `${p.user} ${way}\n${String(msg).replace(/^/gm, '    ')}`})));
		const requests = this.app.requests.map((r) => ({at: r.at,
			text: `${r.method} ${r.url} ${JSON.stringify(r.params)}\n    -> `
				+ `${r.answer ?? ''}`}));
		return [...phones, ...requests].sort((a, b) => a.at - b.at)
			.map(({at, text}) => `${new Date(at).toISOString()} ${text}`).join('\n');
	}
}
