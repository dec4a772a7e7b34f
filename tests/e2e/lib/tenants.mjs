// tenants.mjs - the configuration of all scenarios as one tenants file
//
// Each scenario has its own domain, numbers, carrier and addresses, so that
// all can run at the same time. JSON is YAML.
export const AUTH_TOKEN = 'e2e0123456789abcdef0123456789abc';
// what Redis keeps secrets under; every case shows that it is no hindrance
export const SECRET_KEY = '5ec2e7'.padEnd(64, '0');
export const PASSWORD = 'Correct-horse-42';

const SUBNET = 200; // worlds that share the first three bytes of an address

const pad = (n) => String(n).padStart(3, '0');

/** The world of scenario number @p k: names, numbers, addresses. */
export function worldOf(slug, k, options) {
	return {
		slug, options,
		domain: `${slug}.test`,
		// of its phones, and of its carrier
		ip: `127.0.${10 + Math.trunc(k / SUBNET)}.${10 + k % SUBNET}`,
		carrierIp: `127.0.${20 + Math.trunc(k / SUBNET)}.${10 + k % SUBNET}`,
		numbers: [0, 1, 2, 3].map((i) => `+1555${pad(k)}010${i}`), // of ours
		pstn: `+1777${pad(k)}1234`, // out there, through its carrier
		users: ['alice', 'bob', 'carol', ...[0, 1].map((i) =>
			`+1555${pad(k)}010${i}`)],
	};
}

function account(world, app) {
	const {slug, options} = world;
	const voice = {
		voice_url: app.url('voice'),
		voice_fallback_url: options.fallback ? app.url('fallback') : '',
		voice_status_callback_url: options.status ? app.url('status') : '',
	};
	return {
		credential_lists: [{
			friendly_name: slug,
			users: world.users.map((username) => ({username, password: PASSWORD})),
		}],
		bins: Object.entries(options.bins ?? {}).map(([friendly_name, twiml]) =>
			({friendly_name: `${slug}-${friendly_name}`,
				twiml: twiml.replaceAll('DOMAIN', world.domain)})),
		domains: [{
			domain_name: world.domain,
			registration_credential_lists: [slug],
			call_credential_lists: [slug],
			default_caller_id: world.numbers[0],
			...(options.domainBin
				? {voice_bin: `${slug}-${options.domainBin}`} : voice),
			...(typeof options.domain === 'function' ? options.domain(world)
				: options.domain),
		}],
		numbers: world.numbers.map((phone_number) => ({phone_number,
			...(options.numberBin ? {voice_bin: `${slug}-${options.numberBin}`}
				: {...voice, voice_url: app.url('number')})})),
		carriers: [{
			friendly_name: slug,
			sources: [world.carrierIp],
			prefixes: [world.pstn.slice(0, 8)],
			country: '1',
			targets: (options.targets ?? [{}]).map((t, i) => ({
				uri: `sip:${world.carrierIp}:${5090 + i}`, priority: i + 1, ...t})),
			...options.carrier,
		}],
	};
}

const WORLDS_MAX = 90; // of one account: its lists have 100 members at most

/** An account that has these worlds. */
function accountOf(name, worlds) {
	const parts = worlds.map(({world, app}) => account(world, app));
	const all = (member) => parts.flatMap((p) => p[member]);
	return {
		friendly_name: name, auth_token: AUTH_TOKEN,
		credential_lists: all('credential_lists'), bins: all('bins'),
		domains: all('domains'), numbers: all('numbers'),
		carriers: all('carriers'),
	};
}

/** @param worlds [{world, app}] of all scenarios */
export function tenantsFile(worlds) {
	const shared = worlds.filter(({world}) => !world.options.account);
	const accounts = worlds.filter(({world}) => world.options.account)
		.map((w) => ({...accountOf(w.world.slug, [w]), ...w.world.options.account}));
	for (let at = 0; at < shared.length; at += WORLDS_MAX)
		accounts.push(accountOf(`e2e-${at / WORLDS_MAX + 1}`,
			shared.slice(at, at + WORLDS_MAX)));
	return JSON.stringify({accounts, rates: [{friendly_name: 'e2e', rates: [
		{prefix: '+', direction: 'outbound', per_minute: '0.03'},
		{prefix: '+1777', direction: 'outbound', per_minute: '0.0085'},
		{prefix: 'sip:', direction: 'inbound', per_minute: '0.004', minimum: 0,
			increment: 1}]}]}, null, 1);
}
