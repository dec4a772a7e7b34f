// api-sdk.mjs - the official package as old applications have it, and as it is now
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';

import {scenario} from '../lib/scenario.mjs';
import {PASSWORD} from '../lib/tenants.mjs';

const require = createRequire(import.meta.url);

/** What the README tells users of the package, whichever version they have. */
function connect(twilio, base, sid, token) {
	class Trestle extends twilio.RequestClient {
		request(options) {
			return super.request({...options,
				uri: options.uri.replace(/^https:\/\/[^/]+/, base)});
		}
	}
	return twilio(sid, token, {httpClient: new Trestle()});
}

for (const name of ['twilio-3', 'twilio-6'])
	scenario(`api-${name}`, `lists, pages, changes and errors by ${
		require(`${name}/package.json`).version} of the package`, {}, async (s) => {
		const {accountSid, password} = await s.subaccount(s.slug);
		const api = connect(require(name), s.base, accountSid, password);
		const list = await api.sip.credentialLists
			.create({friendlyName: 'phones'});
		const users = api.sip.credentialLists(list.sid).credentials;
		for (let n = 0; n < 5; n++)
			await users.create({username: `u${n}`, password: PASSWORD});
		const domain = await api.sip.domains
			.create({domainName: `${name}.${s.domain}`, sipRegistration: true});
		const maps = api.sip.domains(domain.sid).auth.registrations
			.credentialListMappings;
		await maps.create({credentialListSid: list.sid});
		// as the sample router asks
		const [mapped] = await maps.list();
		const names = await api.sip.credentialLists(mapped.sid).credentials
			.list({pageSize: 2});
		assert.deepEqual(names.map((u) => u.username).sort(),
			['u0', 'u1', 'u2', 'u3', 'u4']);
		let seen = 0;
		await new Promise((done) => {
			users.each({pageSize: 2, callback: () => seen++, done});
		});
		assert.equal(seen, 5);
		assert.ok(domain.dateCreated instanceof Date
			&& Math.abs(domain.dateCreated - Date.now()) < 60000);
		const changed = await api.sip.domains(domain.sid)
			.update({friendlyName: 'Desk'});
		assert.equal(changed.friendlyName, 'Desk');
		const error = await api.sip.domains.create({domainName: '-'})
			.then(() => undefined, (e) => e);
		assert.deepEqual([error.status, error.code, error.moreInfo],
			[400, 21232, 'https://www.twilio.com/docs/errors/21232']);
		assert.equal(await api.sip.credentialLists(list.sid)
			.credentials(names[0].sid).remove(), true);
		assert.equal((await users.list()).length, 4);
	});
