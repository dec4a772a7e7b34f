// parts.test.mjs - the pure parts, by tables
import assert from 'node:assert/strict';
import {test} from 'node:test';

import aim from '../../deploy/functions/aim.cjs';
import {readDotenv} from '../../deploy/functions/lib/dotenv.mjs';
import {decode, encode} from '../../deploy/functions/lib/redis.mjs';
import {readSettings} from '../../deploy/functions/lib/settings.mjs';
import {isSigned, signatureOf} from '../../deploy/functions/lib/signature.mjs';

test('signatures are those of the published vectors', () => {
	const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
	const form = {CallSid: 'CA1234567890ABCDE', Caller: '+14158675309',
		Digits: '1234', From: '+14158675309', To: '+18005551212'};
	const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
	assert.equal(signatureOf('12345', url, form), signature);
	assert.equal(signatureOf('12345', url, {}), 'zYQTYrRWXE7LtzbG4PfP7/bkkGo=');
	const body = Buffer.from('x');
	const yes = {token: '12345', url, form, signature, body};
	assert.ok(isSigned(yes));
	assert.ok(isSigned({...yes, url: url.replace('.com', '.com:443')}));
	for (const no of [{url: url.replace('.com', '.com:8443')}, {token: ''},
		{signature: ''}, {signature: undefined}, {form: {}}, {token: '12346'},
		{signature: `${signature}x`}, {form: undefined}])
		assert.ok(!isSigned({...yes, ...no}), JSON.stringify(no));
});

test('.env files are read as others read them', () => {
	assert.deepEqual(readDotenv(`
# a comment
PLAIN=value # behind it
export WORDS = two words
EMPTY=
QUOTED="a # b\\n\\"c\\""
SINGLE='no \\n escape'
TICK=\`it's "here"\`
LINES="one
two"
URL=redis://x/?a=b=c
WINDOWS=yes\r
not a line
1BAD=x
LAST=1`), {PLAIN: 'value', WORDS: 'two words', EMPTY: '',
		QUOTED: 'a # b\n"c"', SINGLE: 'no \\n escape', TICK: 'it\'s "here"',
		LINES: 'one\ntwo', URL: 'redis://x/?a=b=c', WINDOWS: 'yes', LAST: '1'});
	assert.deepEqual(readDotenv(''), {});
});

test('what Redis says is understood, whole or in pieces', () => {
	assert.equal(encode(['SET', 'k', 'é', 1]),
		'*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\né\r\n$1\r\n1\r\n');
	for (const [text, value] of [['+OK\r\n', 'OK'], [':-7\r\n', -7],
		['$-1\r\n', null], ['$0\r\n\r\n', ''], ['$4\r\na\r\nb\r\n', 'a\r\nb'],
		['*0\r\n', []], ['*-1\r\n', null],
		['*2\r\n*1\r\n$1\r\na\r\n:5\r\n', [['a'], 5]]]) {
		const bytes = Buffer.from(text);
		assert.deepEqual(decode(bytes), [value, bytes.length]);
		for (let n = 0; n < bytes.length; n++)
			assert.equal(decode(bytes.subarray(0, n)), undefined, `${n} of ${text}`);
	}
	assert.match(decode(Buffer.from('-ERR no\r\n'))[0].message, /ERR no/);
	assert.throws(() => decode(Buffer.from('HTTP/1.1 400\r\n')), /RESP/);
});

test('URLs of Twilio become ours, others stay', () => {
	for (const [uri, out] of [
		['https://api.twilio.com/2010-04-01/Accounts/AC1/Calls.json?Page=1',
			'http://t:8080/2010-04-01/Accounts/AC1/Calls.json?Page=1'],
		['https://api.sydney.au1.twilio.com/2010-04-01/x', 'http://t:8080/2010-04-01/x'],
		['https://monitor.twilio.com:443/v1/Alerts', 'http://t:8080/v1/Alerts'],
		['https://nottwilio.com/v1', 'https://nottwilio.com/v1'],
		['https://twilio.com.evil.test/v1', 'https://twilio.com.evil.test/v1']])
		assert.equal(aim.aimed(uri, 'http://t:8080'), out);
});

test('a setting that is wrong is named, with the remedy', () => {
	for (const [name, value, words] of [
		['TRESTLE_FUNCTIONS_PORT', '70000', /number from 0 to 65535/],
		['TRESTLE_FUNCTIONS_SECONDS', '0', /number from 1/],
		['TRESTLE_ACCOUNT_SID', 'AC1', /32 hex digits/],
		['TRESTLE_PUBLIC_URL', 'example.com', /begins with http/],
		['TRESTLE_LOG', 'loud', /debug, info/]])
		assert.throws(() => readSettings({[name]: value}), (e) =>
			e.message.startsWith(`${name}: "${value}"`) && words.test(e.message));
	const settings = readSettings({});
	assert.ok(settings.workers >= 2 && settings.address && settings.instance);
});
