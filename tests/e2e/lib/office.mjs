// office.mjs - a subaccount with phones of its own that call each other: what an
// account's lists hold is known to the last record
import assert from 'node:assert/strict';

import {twiml} from './app.mjs';
import {PASSWORD} from './tenants.mjs';
import {until} from './wait.mjs';

/** Calls go to `bob`; more of it: s.app.on('voice', …).
 *  @return {api, domain, phones} */
export async function office(s, ...users) {
	const api = await s.subaccount();
	const domain = await api.sip.domains.create({sipRegistration: true,
		domainName: `office.${s.domain}`, voiceUrl: s.app.url('voice')});
	const list = await api.sip.credentialLists.create({friendlyName: 'phones'});
	const {credentials} = api.sip.credentialLists(list.sid);
	for (const username of users)
		await credentials.create({username, password: PASSWORD});
	const {registrations, calls} = api.sip.domains(domain.sid).auth;
	for (const {credentialListMappings} of [registrations, calls])
		await credentialListMappings.create({credentialListSid: list.sid});
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true})
		.sip(`sip:bob@${domain.domainName}`)));
	return {api, domain: domain.domainName, phones: await Promise.all(
		users.map((user) => phoneOf(s, user, domain.domainName)))};
}

/** The other registrar may read the configuration a moment later. */
async function phoneOf(s, user, domain) {
	const phone = await s.phone(user, {domain, register: false});
	await until(async () => (await phone.register()).status === 200, 4000,
		`registration of ${user}`);
	return phone;
}

/** alice calls bob, who answers, and hangs up after @p ms. */
export async function conversation([alice, bob], ms = 0) {
	const caller = await alice.call('bob');
	const callee = await bob.nextCall();
	await callee.answer();
	await caller.answered();
	if (ms)
		await new Promise((done) => setTimeout(done, ms));
	await caller.hangup();
	await callee.ends();
}

/** What the carrier is asked for, and who calls: user parts. Then it is busy. */
export async function emergency(call, carrier) {
	const there = await carrier.nextCall();
	const user = (uri) => uri.replace(/^sip:|@.*$/g, '');
	const [to, from] = [user(there.request.uri), user(there.request.uriOf('From'))];
	there.reject(486, 'Busy Here');
	carrier.calls.delete(there.id);
	if (call)
		assert.equal((await call.finished()).status, 486);
	return [to, from];
}
