// api-input.mjs - every operation with every wrong request: the documented code, and
//                 nothing changed in Redis
import assert from 'node:assert/strict';
import {connect} from 'node:net';

import {paramsOf, routes} from '../lib/routes.mjs';
import {scenario} from '../lib/scenario.mjs';
import {PASSWORD} from '../lib/tenants.mjs';
import {Watch} from '../lib/watch.mjs';

const FORM = 'application/x-www-form-urlencoded';
/** Numbers of the n-th scenario: one that is taken, one that is free */
const stock = (n) => [`+1555776020${n}`, `+1555776021${n}`];

/** One of each thing, so that every path names something that is there. */
async function everything(s, api) {
	const {sip} = api;
	const call = `CA${'5'.repeat(32)}`;
	await s.stack.redis('hset', `call:{${call}}`, 'sid', call, 'account_sid',
		api.accountSid, 'status', 'completed', 'from', 'a', 'to', 'b', 'direction',
		'inbound', 'start_time', '2026-11-22T10:00:00.000Z', 'end_time',
		'2026-11-22T10:01:00.000Z');
	const domain = await sip.domains.create({domainName: `input.${s.domain}`});
	const list = await sip.credentialLists.create({friendlyName: 'input'});
	const credential = await sip.credentialLists(list.sid).credentials.create(
		{username: 'input', password: PASSWORD});
	const addresses = await sip.ipAccessControlLists.create({friendlyName: 'input'});
	const address = await sip.ipAccessControlLists(addresses.sid).ipAddresses.create(
		{friendlyName: 'input', ipAddress: '192.0.2.1'});
	await sip.domains(domain.sid).auth.calls.credentialListMappings.create(
		{credentialListSid: list.sid});
	const application = await api.applications.create({friendlyName: 'input'});
	const number = await api.incomingPhoneNumbers.create({phoneNumber: s.stock[0]});
	const key = await api.newKeys.create({friendlyName: 'input'});
	const post = async (path, form) => (await (await fetch(
		`${s.base}/2010-04-01/Accounts/${api.accountSid}/${path}.json`, {method: 'POST',
			body: new URLSearchParams(form), headers: signed(api)})).json()).sid;
	return {CA: call, SD: domain.sid, CL: list.sid, CR: credential.sid,
		AL: addresses.sid, IP: address.sid, AP: application.sid, PN: number.sid,
		SK: key.sid,
		EH: await post('TwimlBins', {FriendlyName: 'input', Twiml: '<Response/>'}),
		BY: await post('Carriers', {FriendlyName: 'input'}),
		RT: await post('Rates', {FriendlyName: 'input', Rates: '[]'})};
}

const signed = (api) => ({authorization: `Basic ${Buffer.from(
	`${api.accountSid}:${api.password}`).toString('base64')}`});

/** The words behind a pattern's {}: what there is of it */
const words = (pattern) => pattern.startsWith('Available') ? 'US'
	: pattern.startsWith('/v1') ? 'GB' : 'alice';

function pathOf(accountSid, pattern, ids) {
	const filled = pattern.replace(/\{(\w*)\}/g, (_, prefix) => prefix
		? ids[prefix] ?? prefix + '0'.repeat(32) : words(pattern));
	if (pattern.startsWith('/'))
		return filled;
	const base = `/2010-04-01/Accounts${pattern === '.' ? '' : `/${accountSid}`}`;
	return `${base}${filled && filled !== '.' ? `/${filled}` : ''}.json`;
}

/** What each create needs, so that one parameter is wrong, not another missing */
const bodies = (s, ids) => ({
	Calls: {To: `sip:nobody@${s.domain}`, From: 'input', Twiml: '<Response/>'},
	'SIP/Domains': {DomainName: `new.${s.domain}`},
	'SIP/CredentialLists': {FriendlyName: 'new'},
	'SIP/CredentialLists/{CL}/Credentials': {Username: 'new', Password: PASSWORD},
	'SIP/IpAccessControlLists': {FriendlyName: 'new'},
	'SIP/IpAccessControlLists/{AL}/IpAddresses': {FriendlyName: 'new',
		IpAddress: '192.0.2.2'},
	IncomingPhoneNumbers: {PhoneNumber: s.stock[1]},
	'IncomingPhoneNumbers/Local': {PhoneNumber: s.stock[1]},
	'IncomingPhoneNumbers/Mobile': {PhoneNumber: s.stock[1]},
	'IncomingPhoneNumbers/TollFree': {PhoneNumber: s.stock[1]},
	TwimlBins: {FriendlyName: 'new', Twiml: '<Response/>'},
	Carriers: {FriendlyName: 'new'},
	Rates: {FriendlyName: 'new', Rates: '[]'},
	OutgoingCallerIds: {PhoneNumber: '+15557760299'},
	'Calls/{CA}/Recordings/{RE}': {Status: 'stopped'},
	'Calls/{CA}/Recordings/Twilio.CURRENT': {Status: 'stopped'},
	...Object.fromEntries(['', 'Auth/Calls/', 'Auth/Registrations/'].flatMap((where) =>
		[[`SIP/Domains/{SD}/${where}CredentialListMappings`,
			{CredentialListSid: ids.CL}],
		[`SIP/Domains/{SD}/${where}IpAccessControlListMappings`,
			{IpAccessControlListSid: ids.AL}]])),
});

/** Values that no parameter of this type may have */
function wrongValues({type, min, max}) {
	const long = 'x'.repeat((max || 255) + 1);
	return {
		PARAM_TEXT: [long, 'a\u0001', ...min ? [''] : []],
		PARAM_URL: ['x', 'ftp://example.com/', `http://example.com/${'x'.repeat(3000)}`],
		PARAM_METHOD: ['PUT', 'post', ''],
		PARAM_BOOL: ['maybe', ''],
		PARAM_UINT: ['x', '-1', '1.5', '99999999999', '',
			...max ? [String(max + 1)] : [], ...min ? [String(min - 1)] : []],
		PARAM_E164: ['12', 'x', ''],
		PARAM_DOMAIN: ['a b', '-', '', 'x'.repeat(300)],
		PARAM_ENUM: ['zebra', ''],
		PARAM_SID: ['ZZ', `ZZ${'0'.repeat(32)}`],
		PARAM_TWIML: ['x', `<Response>${'x'.repeat(Math.min(max || 64000, 64000))}`],
		PARAM_SECRET: [],
	}[type];
}

/** A request; never a 500, always an error as documented. */
class Asker {
	constructor(s) {
		this.base = s.base;
		this.asked = 0;
		this.open = [];
	}

	/** Requests of one route are under way together: see all(). */
	fails(...args) {
		this.open.push(this.one(...args));
	}

	async all() {
		await Promise.all(this.open.splice(0));
	}

	async one(what, status, code, {method = 'GET', path, body, headers}) {
		const response = await fetch(this.base + path, {method, body, redirect: 'manual',
			headers: {...body !== undefined && {'content-type': FORM}, ...headers}});
		const text = await response.text();
		const got = `${what}: ${method} ${path} ${String(body ?? '').slice(0, 80)} is `
			+ `${response.status} ${text.slice(0, 200)}`;
		const error = method === 'HEAD' ? {} : JSON.parse(text);
		this.asked++;
		if (method !== 'HEAD') {
			assert.equal(error.status, response.status, got);
			assert.ok(error.message && error.more_info.endsWith(`/${error.code}`), got);
			assert.ok([code].flat().includes(error.code), `${got}, not ${code}`);
		}
		assert.ok([status].flat().includes(response.status), `${got}, not ${status}`);
		if (response.status === 405)
			assert.ok(response.headers.get('allow'), got);
		if (response.status === 401)
			assert.match(response.headers.get('www-authenticate'), /^Basic realm=/, got);
	}
}

/** Once for each route, with `each({ask, api, ids, route, methods, path})` */
async function forEachRoute(s, each) {
	const api = await s.api();
	const ids = await everything(s, api);
	const watch = new Watch(s.stack);
	const ask = new Asker(s);
	const since = [];
	await watch.begin();
	for (const route of routes()) {
		const methods = [...route.get ? ['GET'] : [], ...route.post ? ['POST'] : [],
			...route.remove ? ['DELETE'] : []];
		await each({ask, api, ids, route, methods,
			path: pathOf(api.accountSid, route.pattern, ids)});
		await ask.all();
		since.push(route.pattern || 'the account');
		if (since.length === 10)
			await watch.nothingChanged(`one of ${since.splice(0)}`);
	}
	await watch.nothingChanged(`one of ${since}`);
	assert.ok(ask.asked > 200);
	return {ask, api, ids, watch};
}

scenario('api-input-requests', 'every path with wrong methods, credentials, forms and pages',
	{alone: true, carrier: {numbers: stock(0)}}, async (s) => {
		s.stock = stock(0);
		const {ask, api, watch} = await forEachRoute(s,
			async ({ask, api, route, methods, path}) => {
				const headers = signed(api);
				for (const method of ['GET', 'POST', 'DELETE', 'PUT', 'PATCH'])
					if (!methods.includes(method))
						ask.fails('a wrong method', 405, 20004,
							{method, path, headers});
				for (const method of methods)
					ask.fails('nobody', 401, 20003, {method, path});
				ask.fails('another scheme', 401, 20003, {method: methods[0],
					path, headers: {authorization: 'Bearer x'}});
				ask.fails('no base64', 401, 20003, {method: methods[0], path,
					headers: {authorization: 'Basic %%%'}});
				if (route.get)
					for (const [query, code] of [['PageSize=0', 20007],
						['PageSize=1001', 20007], ['PageSize=x', 20007],
						['PageSize=50&PageSize=-1', 20007], ['Page=-1', 20001],
						['Page=1e3', 20001], ['PageToken=x', 21481], ['a=%zz', 20001],
						['a=%00', 20001]])
						ask.fails(query, 400, code,
							{path: `${path}?${query}`, headers});
				if (route.post)
					for (const [what, status, code, body, type] of [
						['a broken escape', 400, 20001, 'FriendlyName=%zz'],
						['a NUL', 400, 20001, 'FriendlyName=a%00b'],
						['300 parameters', 400, 20001, Array.from({length: 300},
							(_, i) => `a${i}=1`).join('&')],
						['JSON', 400, 20001, '{}', 'application/json'],
						['too large', 413, 20413, `A=${'x'.repeat(70000)}`]])
						ask.fails(what, status, code, {method: 'POST', path, body,
							headers: {...headers, ...type && {'content-type': type}}});
			});
		const at = (path) => `/2010-04-01/Accounts/${api.accountSid}${path}`;
		for (const path of ['/Nothing.json', '/SIP.json', '/Calls/x/y/z.json',
			'/Calls.json/', '//Calls.json', '/Domains/..%2f.json', `/${'x/'.repeat(500)}`])
			await ask.one('an unknown path', 404, 20404, {path: at(path),
				headers: signed(api)});
		await watch.nothingChanged('unknown paths');
	});

scenario('api-input-sids', 'every path with sids of nobody, of another kind, of another tenant',
	{alone: true, carrier: {numbers: stock(1)}}, async (s) => {
		s.stock = stock(1);
		const other = await s.subaccount('other');
		// of a call that has ended nothing is recorded, and a subaccount has no
		// carriers and rates, whatever the sid
		const missing = [[404, 400, 403], [20404, 21220, 20006]];
		await forEachRoute(s, async ({ask, api, ids, route, methods, path}) => {
			const {pattern} = route;
			const mine = {headers: signed(api), body: undefined};
			const sids = [...pattern.matchAll(/\{(\w\w)\}/g)].map((m) => m[1]);
			for (const method of methods) {
				for (const prefix of sids)
					for (const [what, sid] of [['short', `${prefix}12`],
						['of another kind', `ZZ${'0'.repeat(32)}`],
						['no hexadecimal', `${prefix}${'g'.repeat(32)}`],
						['long', `${prefix}${'0'.repeat(300)}`],
						['nobody', `${prefix}${'9'.repeat(32)}`]])
						ask.fails(what, ...missing, {...mine, method,
							path: pathOf(api.accountSid, pattern,
								{...ids, [prefix]: sid}),
							...method === 'POST' && {body: new URLSearchParams(
								bodies(s, ids)[pattern] ?? {}).toString()}});
				if (sids.length) // the other tenant's path with a sid of ours
					ask.fails('another tenant', ...missing, {method,
						path: pathOf(other.accountSid, pattern, ids),
						headers: signed(other),
						...method === 'POST' && {body: new URLSearchParams(
							bodies(s, ids)[pattern] ?? {}).toString()}});
				if (!pattern.startsWith('/') && pattern !== '.') // our path
					ask.fails('a stranger', [401, 403, 404], [20003, 20404],
						{method, path, headers: signed(other)});
			}
		});
	});

// who is called, and as whom, where something was said, but nothing that can be
const NONSENSE = {'Calls To': 21211, 'Calls From': 21212, 'Calls Twiml': 21618,
	'Calls/{CA} Twiml': 21618};

scenario('api-input-parameters', 'every parameter missing, empty, too long, of the wrong type',
	{alone: true, carrier: {numbers: stock(2)}}, async (s) => {
		s.stock = stock(2);
		let tried = 0;
		await forEachRoute(s, async ({ask, api, ids, route, path}) => {
			// the same table and handler as IncomingPhoneNumbers; there are none
			if (!route.post || /(Mobile|TollFree)$/.test(route.pattern))
				return;
			const valid = bodies(s, ids)[route.pattern] ?? {};
			const create = !/\}$/.test(route.pattern);
			const fails = (p, what, form) => ask.fails(`${p.name} ${what}`,
				[400, ...route.pattern ? [404] : [403]],
				// an account that signs in can not change its own Status
				[p.code, NONSENSE[`${route.pattern} ${p.name}`] ?? p.code,
					p.type === 'PARAM_TWIML' ? 32018 : p.code, // too long
					route.pattern ? 20404 : 20006], {method: 'POST', path,
					body: new URLSearchParams(form).toString(),
					headers: signed(api)});
			for (const p of paramsOf(route)) {
				if (p.createOnly && !create)
					continue;
				const {[p.name]: _, ...rest} = valid;
				if (p.required && create)
					fails(p, 'missing', rest);
				if (p.required)
					fails(p, 'empty', {...rest, [p.name]: ''});
				for (const value of wrongValues(p)) {
					fails(p, value.slice(0, 20), {...rest, [p.name]: value});
					tried++;
				}
			}
		});
		assert.ok(tried > 300, `${tried} values`);
	});

/** Of several values of one parameter the last one counts. */
scenario('api-input-repeated', 'every operation with parameters that are said twice',
	{alone: true, carrier: {numbers: stock(3)}}, async (s) => {
		s.stock = stock(3);
		const {ask, api, ids} = await forEachRoute(s,
			async ({ask, api, ids, route, methods, path}) => {
				const headers = signed(api);
				if (route.get) {
					const response = await fetch(`${s.base}${path}?PageSize=x&Page=x`
						+ '&FriendlyName=a&FriendlyName=b&Status=c&Status=d'
						+ '&StartTime=x&To=a&To=b&PageSize=3&Page=0&StartTime=', {headers});
					const page = await response.json();
					assert.ok(response.status < 500, `${path}: ${response.status}`);
					if (page.page_size)
						assert.deepEqual([page.page_size, page.page], [3, 0], path);
					ask.fails('the last page size', 400, 20007,
						{path: `${path}?PageSize=5&PageSize=0`, headers});
				}
				if (methods.includes('DELETE')) // of nothing, or refused
					ask.fails('a removal', [404, 400, 403], [20404, 21220, 20006], {
						method: 'DELETE', headers,
						path: `${path.replace(/[0-9a-f]{32}(?=\.json$|$)|alice/,
							'9'.repeat(32))}?Status=a&Status=b`});
				if (!route.post)
					return;
				const valid = bodies(s, ids)[route.pattern] ?? {};
				const create = !/\}$/.test(route.pattern);
				for (const p of paramsOf(route)) {
					const [wrong] = wrongValues(p);
					if (wrong === undefined || (p.createOnly && !create)
						|| /(Mobile|TollFree)$/.test(route.pattern))
						continue;
					const form = new URLSearchParams(valid);
					form.append(p.name, valid[p.name] ?? '1');
					form.append(p.name, wrong);
					ask.fails(`${p.name} twice`, [400, ...route.pattern ? [404] : [403]],
						[p.code, NONSENSE[`${route.pattern} ${p.name}`] ?? p.code,
							route.pattern ? 20404 : 20006],
						{method: 'POST', path, body: form.toString(), headers});
				}
			});
		assert.ok(ask.asked > 200);
		const made = await (await fetch(s.base + pathOf(api.accountSid, 'Applications', ids),
			{method: 'POST', headers: {...signed(api), 'content-type': FORM},
				body: 'FriendlyName=first&FriendlyName=last'})).json();
		assert.equal(made.friendly_name, 'last');
	});

/** What the server says to these bytes, until it closes or is silent. */
function raw(base, bytes) {
	const {hostname, port} = new URL(base);
	return new Promise((done, failed) => {
		let said = '';
		const socket = connect({host: hostname, port}, () => socket.write(bytes));
		const timer = setTimeout(() => socket.destroy(), 1500);
		socket.on('data', (data) => { said += data; });
		socket.on('error', failed);
		socket.on('close', () => {
			clearTimeout(timer);
			done(said);
		});
	});
}

scenario('api-input-lengths', 'lengths that contradict each other, and bodies that break off',
	{alone: true}, async (s) => {
		const api = await s.api();
		const watch = new Watch(s.stack);
		await watch.begin();
		const body = 'FriendlyName=lengths';
		const n = body.length;
		const rows = [
			['two lengths', [`Content-Length: ${n}`, 'Content-Length: 5'], body],
			['the same twice', [`Content-Length: ${n}`, `Content-Length: ${n}`], body],
			['a list of lengths', [`Content-Length: ${n}, ${n}`], body],
			['a negative length', ['Content-Length: -1'], body],
			['no number', ['Content-Length: x'], body],
			['a number that is too large', [`Content-Length: ${'9'.repeat(30)}`], body],
			['a length and chunks', [`Content-Length: ${n}`,
				'Transfer-Encoding: chunked'], `14\r\n${body}\r\n0\r\n\r\n`],
			['a coding that nobody knows', ['Transfer-Encoding: nonsense'], body],
			['two codings', ['Transfer-Encoding: gzip, chunked'], body],
			['no size of a chunk', ['Transfer-Encoding: chunked'], `zz\r\n${body}\r\n`],
		];
		for (const [what, lengths, sent] of rows) {
			const said = await raw(s.base, [
				`POST /2010-04-01/Accounts/${api.accountSid}/Applications.json HTTP/1.1`,
				'Host: api', `Authorization: ${signed(api).authorization}`,
				`Content-Type: ${FORM}`, ...lengths, '', sent].join('\r\n'));
			const statuses = [...said.matchAll(/HTTP\/1\.1 (\d+)/g)].map((m) => m[1]);
			assert.ok(statuses.length && statuses.every((status) => status === '400'
				|| status === '413'), `${what}: ${said.slice(0, 300)}`);
			// what the library refuses by itself has no JSON
			if (/^(two|the same|a length and|a coding)/.test(what))
				assert.match(said, /\{"code":20001,.*"status":400\}$/s, what);
		}
		const cut = await raw(s.base, ['POST /2010-04-01/Accounts/'
			+ `${api.accountSid}/Applications.json HTTP/1.1`, 'Host: api',
			`Authorization: ${signed(api).authorization}`, `Content-Type: ${FORM}`,
			`Content-Length: ${n + 5}`, '', body].join('\r\n'));
		assert.equal(cut, '', 'a body that broke off is no request');
		await watch.nothingChanged('what is no whole request');
	});
