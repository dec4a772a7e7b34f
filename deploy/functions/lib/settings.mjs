// settings.mjs - what the environment says, checked against a table
import {cpus, hostname, networkInterfaces} from 'node:os';

const whole = (min, max) => (text) => {
	const n = Number(text);
	if (!/^\d+$/.test(text) || n < min || n > max)
		throw new Error(`is a number from ${min} to ${max}`);
	return n;
};
const text = (value) => value;
const url = (...schemes) => (value) => {
	if (value && !schemes.some((s) => value.startsWith(`${s}://`)))
		throw new Error(`begins with ${schemes.join(':// or ')}://`);
	return value.replace(/\/+$/, '');
};
const level = (value) => {
	if (!['debug', 'info', 'warn', 'error'].includes(value))
		throw new Error('is debug, info, warn or error');
	return value;
};
const sid = (value) => {
	if (value && !/^AC[0-9a-f]{32}$/.test(value))
		throw new Error('is AC and 32 hex digits');
	return value;
};

// field, variable, default, reader, meaning
const every = [
	['redis', 'TRESTLE_REDIS', 'redis://127.0.0.1:6379/0', url('redis'),
		'where Redis is: redis://[user:password@]host:port/db'],
	['instance', 'TRESTLE_INSTANCE', '', text,
		'name of this copy, unique and the same after a restart; empty: '
		+ 'service and host name'],
	['address', 'TRESTLE_ADDRESS', '', text,
		'internal IPv4 address of this copy; empty: the first that is not '
		+ 'loopback'],
	['httpPort', 'TRESTLE_HTTP_PORT', '0', whole(0, 65535),
		'TCP port of /healthz and /metrics; 0: any free one'],
	['log', 'TRESTLE_LOG', 'info', level,
		'least level that is logged: debug info warn error'],
	['drainSeconds', 'TRESTLE_DRAIN_SECONDS', '30', whole(0, 3600),
		'longest time from SIGTERM to the end [s]'],
];
const own = [
	['project', 'TRESTLE_FUNCTIONS_PROJECT', '.', text,
		'folder of the project: functions/, assets/, node_modules/, .env'],
	['listen', 'TRESTLE_FUNCTIONS_ADDRESS', '0.0.0.0', text,
		'IP address on which functions are served'],
	['port', 'TRESTLE_FUNCTIONS_PORT', '3000', whole(0, 65535),
		'port on which functions are served; 0: any free one'],
	['url', 'TRESTLE_FUNCTIONS_URL', '', url('http', 'https'),
		'what webhooks\' URLs begin with, for their signatures; empty: http:// '
		+ 'and the Host header'],
	['seconds', 'TRESTLE_FUNCTIONS_SECONDS', '10', whole(1, 900),
		'time that a function has for its answer; then it is 504 [s]'],
	['workers', 'TRESTLE_FUNCTIONS_WORKERS', '0', whole(0, 64),
		'threads that run functions; 0: one for each core, at least two'],
	['memoryMb', 'TRESTLE_FUNCTIONS_MEMORY_MB', '256', whole(32, 16384),
		'heap of each of these threads [MiB]'],
	['bodyKb', 'TRESTLE_FUNCTIONS_BODY_KB', '1024', whole(1, 65536),
		'largest body of a request [KiB]'],
	['logHours', 'TRESTLE_FUNCTIONS_LOG_HOURS', '24', whole(1, 8760),
		'how long it is kept what functions print for a call [h]'],
	['accountSid', 'TRESTLE_ACCOUNT_SID', '', sid,
		'the account of the functions; empty: ACCOUNT_SID in .env, or the only '
		+ 'one that there is'],
	['authToken', 'TRESTLE_AUTH_TOKEN', '', text,
		'its auth_token; empty: AUTH_TOKEN in .env'],
	['publicUrl', 'TRESTLE_PUBLIC_URL', 'http://127.0.0.1:8080',
		url('http', 'https'), 'URL of the API: where getTwilioClient() asks'],
];

function firstAddress() {
	const all = Object.values(networkInterfaces()).flat();
	return all.find((a) => a.family === 'IPv4' && !a.internal)?.address
		?? '127.0.0.1';
}

/** @param env as process.env  @return an object of all fields
 *  @throws Error that names the variable and the remedy */
export function readSettings(env) {
	const settings = {};
	for (const [field, name, fallback, read] of [...every, ...own]) {
		try {
			settings[field] = read(env[name] || fallback);
		} catch (e) {
			throw new Error(`${name}: "${env[name]}" ${e.message}`);
		}
	}
	settings.workers ||= Math.max(2, cpus().length);
	settings.instance ||= `functions-${hostname()}`;
	settings.address ||= firstAddress();
	return settings;
}

const rows = (table) => table.map(([, name, fallback, , meaning]) =>
	`| \`${name}\` | ${fallback || 'none'} | ${meaning} |`).join('\n');

/** Rows of the README's table. */
export const settingsTable = () => rows(own);

export const help = () => `functions - serves handlers of Twilio Functions

    node server.mjs [folder of the project]

Settings, from the environment:

${rows(every)}
${rows(own)}`;
