// api-sip.mjs - accounts, keys and what SIP phones need, made by the API
import assert from 'node:assert/strict';

import {client, refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {AUTH_TOKEN, PASSWORD} from '../lib/tenants.mjs';

const missing = 'AC00000000000000000000000000000000';

/** A list with one user. */
async function listOf(api, friendlyName, username) {
	const list = await api.sip.credentialLists.create({friendlyName});
	await api.sip.credentialLists(list.sid).credentials
		.create({username, password: PASSWORD});
	return list;
}

async function codeOf(promise) {
	return (await refused(promise)).code;
}

scenario('api-phone', 'a domain made by the API takes phones and calls at once', {},
	async (s) => {
		const api = await s.subaccount();
		const domain = await api.sip.domains.create({sipRegistration: true,
			domainName: `sub.${s.domain}`, voiceUrl: s.app.url('voice')});
		const list = await listOf(api, 'phones', 'alice');
		const {registrations, calls} = api.sip.domains(domain.sid).auth;
		await registrations.credentialListMappings
			.create({credentialListSid: list.sid});
		await calls.credentialListMappings.create({credentialListSid: list.sid});
		s.app.on('voice', twiml((r) => r.reject({reason: 'busy'})));
		const phone = await s.phone('alice', {domain: domain.domainName});
		const call = await phone.call('anybody');
		await call.status(486);
		const {params} = await s.app.request('voice');
		assert.equal(params.AccountSid, api.accountSid);
		assert.equal(params.SipDomainSid, domain.sid);
	});

scenario('api-domain', 'SIP Domains: create, list, change, delete, errors', {},
	async (s) => {
		const api = await s.subaccount();
		const name = (n) => `d${n}.${s.domain}`;
		const made = [];
		for (let n = 0; n < 5; n++)
			made.push(await api.sip.domains.create({domainName: name(n),
				voiceUrl: 'https://app.example/voice', voiceMethod: 'GET'}));
		assert.equal(made[0].sipRegistration, false);
		assert.equal(made[0].authType, '');
		assert.equal(made[0].voiceFallbackUrl, null);
		const all = await api.sip.domains.list({pageSize: 2});
		assert.deepEqual(all.map((d) => d.domainName),
			[4, 3, 2, 1, 0].map(name), 'newest first, over three pages');
		const one = api.sip.domains(made[0].sid);
		const changed = await one.update({domainName: name(9),
			friendlyName: 'new', voiceUrl: ''});
		assert.equal(changed.domainName, name(9));
		assert.equal(changed.voiceUrl, null);
		assert.equal((await one.fetch()).friendlyName, 'new');
		assert.ok(changed.dateCreated <= changed.dateUpdated);
		assert.equal(await codeOf(api.sip.domains.create(
			{domainName: name(1)})), 21232);
		assert.equal(await codeOf(one.update({domainName: name(1)})), 21232);
		assert.equal(await codeOf(api.sip.domains.create(
			{domainName: 'no host!'})), 21232);
		assert.equal(await codeOf(one.update({voiceUrl: 'ftp://x'})), 21402);
		assert.equal(await codeOf(one.update({voiceMethod: 'PUT'})), 21403);
		assert.equal(await codeOf(one.update({secure: 'perhaps'})), 20001);
		for (const {sid} of made)
			assert.ok(await api.sip.domains(sid).remove());
		assert.deepEqual(await refused(one.fetch()).then((e) => [e.status,
			e.code]), [404, 20404]);
		assert.equal((await api.sip.domains.list()).length, 0);
	});

scenario('api-lists', 'lists of credentials and of addresses, and their mappings', {},
	async (s) => {
		const api = await s.subaccount();
		const domain = await api.sip.domains.create({domainName: `l.${s.domain}`});
		const list = await listOf(api, 'phones', '+15550100');
		const users = api.sip.credentialLists(list.sid).credentials;
		const [user] = await users.list();
		assert.equal(user.username, '+15550100');
		assert.equal(user.credentialListSid, list.sid);
		assert.equal(user.password, undefined);
		for (const password of ['short1Aa', 'nodigitsHere', 'nocapitals123'])
			assert.equal(await codeOf(users.create({username: 'x', password})),
				21242);
		assert.equal(await codeOf(users.create({username: '+15550100',
			password: PASSWORD})), 21241);
		await users(user.sid).update({password: `${PASSWORD}9`});
		const acl = await api.sip.ipAccessControlLists
			.create({friendlyName: 'office'});
		const addresses = api.sip.ipAccessControlLists(acl.sid).ipAddresses;
		const address = await addresses.create({friendlyName: 'hq',
			ipAddress: '192.0.2.0', cidrPrefixLength: 24});
		assert.equal(address.cidrPrefixLength, 24);
		await addresses.create({friendlyName: 'b', ipAddress: '198.51.100.1'});
		assert.equal(await s.stack.redis('hget', `access-list:${acl.sid}`,
			'addresses'), '192.0.2.0/24 198.51.100.1/32');
		await addresses(address.sid).update({cidrPrefixLength: 25});
		assert.equal(await codeOf(addresses.create({friendlyName: 'c',
			ipAddress: '300.1.1.1'})), 21238);
		const {calls} = api.sip.domains(domain.sid).auth;
		const mapped = await calls.credentialListMappings
			.create({credentialListSid: list.sid});
		assert.equal(mapped.sid, list.sid);
		assert.equal(await codeOf(calls.credentialListMappings
			.create({credentialListSid: list.sid})), 21231);
		await calls.ipAccessControlListMappings
			.create({ipAccessControlListSid: acl.sid});
		assert.deepEqual((await calls.credentialListMappings.list())
			.map((m) => m.friendlyName), ['phones']);
		const legacy = await api.sip.domains(domain.sid).credentialListMappings
			.list();
		assert.equal(legacy[0].domainSid, domain.sid);
		assert.equal((await api.sip.domains(domain.sid).fetch()).authType,
			'CREDENTIAL_LIST,IP_ACL');
		assert.equal(await codeOf(api.sip.credentialLists(list.sid).remove()),
			21240);
		assert.equal(await codeOf(api.sip.ipAccessControlLists(acl.sid).remove()),
			21236);
		assert.ok(await calls.credentialListMappings(list.sid).remove());
		assert.ok(await calls.ipAccessControlListMappings(acl.sid).remove());
		assert.ok(await addresses(address.sid).remove());
		assert.ok(await api.sip.credentialLists(list.sid).remove());
		assert.ok(await api.sip.ipAccessControlLists(acl.sid).remove());
		assert.equal((await refused(users.list())).status, 404);
		assert.equal(await s.stack.redis('exists',
			`credential-list:${list.sid}:user:+15550100`), '0');
	});

scenario('api-tenants', 'wrong passwords are 401, another tenant\'s things 404', {},
	async (s) => {
		const [one, two] = [await s.subaccount('one'), await s.subaccount('two')];
		const main = await s.api();
		const domain = await one.sip.domains.create({domainName: `t.${s.domain}`});
		assert.deepEqual(await refused(client(s.base, one.accountSid,
			'f'.repeat(32)).sip.domains.list()).then((e) => [e.status, e.code]),
		[401, 20003]);
		assert.equal((await refused(client(s.base, missing, AUTH_TOKEN).sip
			.domains.list())).status, 401);
		const other = client(s.base, two.accountSid, two.password,
			{accountSid: one.accountSid});
		assert.equal((await refused(other.sip.domains.list())).status, 404);
		assert.equal((await refused(two.sip.domains(domain.sid).fetch())).status,
			404);
		assert.equal((await refused(two.sip.domains(domain.sid).remove())).status,
			404);
		// the owner may
		const owner = client(s.base, main.accountSid, AUTH_TOKEN,
			{accountSid: one.accountSid});
		assert.equal((await owner.sip.domains.list()).length, 1);
		await main.api.v2010.accounts(one.accountSid)
			.update({status: 'suspended'});
		assert.equal((await refused(one.sip.domains.list())).status, 403);
		assert.equal(await codeOf(owner.calls.create({to: 'sip:a@b.test',
			from: 'sip:c@b.test', twiml: '<Response/>'})), 20005);
		assert.equal(await codeOf(one.api.v2010.accounts.create({})), 20005);
		assert.equal(await codeOf(two.api.v2010.accounts.create({})), 21101);
	});

scenario('api-keys', 'an API key signs in, but makes no accounts and keys', {},
	async (s) => {
		const api = await s.subaccount();
		const key = await api.newKeys.create({friendlyName: 'ci'});
		assert.equal(key.secret.length, 32);
		const byKey = client(s.base, key.sid, key.secret,
			{accountSid: api.accountSid});
		await byKey.sip.domains.create({domainName: `k.${s.domain}`});
		assert.equal(await codeOf(byKey.newKeys.create({})), 20003);
		assert.equal(await codeOf(byKey.api.v2010.accounts.list()), 20003);
		const [listed] = await api.keys.list();
		assert.equal(listed.friendlyName, 'ci');
		assert.equal(listed.secret, undefined);
		assert.equal(await s.stack.redis('hget', `key:${key.sid}`, 'secret'), '');
		assert.ok(await api.keys(key.sid).remove());
		assert.equal((await refused(byKey.sip.domains.list())).status, 401);
	});

/** An account as a file brings it: no realm, two domains, a list of one of them. */
const loaded = {account: {domains: [{domain_name: 'api-mapping-realm.test',
	registration_credential_lists: ['api-mapping-realm'],
	call_credential_lists: ['api-mapping-realm']},
{domain_name: 'second.api-mapping-realm.test'}]}};

scenario('api-mapping-realm', 'a loaded list whose passwords are for another realm is not mapped',
	loaded, async (s) => {
		const api = await s.api();
		const second = `second.${s.domain}`;
		const domainOf = async (domainName) =>
			(await api.sip.domains.list()).find((d) => d.domainName === domainName);
		const [list] = await api.sip.credentialLists.list();
		const {sid} = await domainOf(second);
		const {auth} = api.sip.domains(sid);
		const places = [auth.registrations.credentialListMappings,
			auth.calls.credentialListMappings,
			api.sip.domains(sid).credentialListMappings];
		for (const place of places) {
			const {status, code, message} = await refused(
				place.create({credentialListSid: list.sid}));
			assert.deepEqual([status, code], [400, 21239]);
			assert.match(message, /5 of its users, "\+1555\d+" first/);
			assert.match(message, /set them again/);
			assert.deepEqual(await place.list(), []);
		}
		// the remedy
		for (const user of await api.sip.credentialLists(list.sid)
			.credentials.list())
			await api.sip.credentialLists(list.sid).credentials(user.sid)
				.update({password: PASSWORD});
		await places[0].create({credentialListSid: list.sid});
		await api.sip.domains(sid).update({sipRegistration: true});
		const alice = await s.phone('alice', {domain: second});
		// another name is no other realm
		await s.phone('alice');
		await api.sip.domains((await domainOf(s.domain)).sid)
			.update({domainName: `new.${s.domain}`});
		await s.phone('bob', {domain: `new.${s.domain}`});
		assert.equal((await alice.register()).status, 200);
	});
