// record.mjs - what functions print and how they fail, kept for each call
//
// Only requests with a valid signature are kept: nobody else may write into the
// record of a call.
const LINES_KEPT = 500; // of a call
const ALERTS_KEPT = 10000;     // in the stream, as other processes keep it
// One place in the streams of all and of the account, as other processes do it
// (common/store/alert.c).
const ADD_ALERT = `
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', unpack(ARGV, 2))
local key = 'alerts:{' .. ARGV[5] .. '}'
if redis.pcall('XADD', key, 'MAXLEN', '~', ARGV[1], id, unpack(ARGV, 2)).err then
	redis.call('XADD', key, 'MAXLEN', '~', ARGV[1], '*', unpack(ARGV, 2))
end
return id`;
const CODES = {warn: [82004, 'warning'], error: [82005, 'error']};
const FAILED = 82002;

export class Record {
	/** @param accountSid of the functions  @param hours that lines are kept */
	constructor({redis, log, accountSid, hours}) {
		Object.assign(this, {redis, log, accountSid, seconds: hours * 3600});
	}

	/** @param message {line, level, note, alert: is it one?} of a worker; note is
	 *  what noteOf() gave, undefined for what no request printed */
	line({line, level, note, alert}) {
		const {callSid, path} = note ?? {};
		this.log.with({call_sid: callSid, function: path})[level](line);
		if (!callSid)
			return;
		const key = `function-log:${callSid}`;
		this.redis.tell('RPUSH', key, JSON.stringify({
			time: new Date().toISOString(), function: path, level, text: line}));
		this.redis.tell('LTRIM', key, -LINES_KEPT, -1);
		this.redis.tell('EXPIRE', key, this.seconds);
		if (alert)
			this.#alert(note, ...CODES[level], line);
	}

	/** A signed request was answered 5xx. */
	failed(note, status, body) {
		if (note.callSid)
			this.#alert(note, FAILED, 'error', `status ${status}: ${body}`);
	}

	#alert({callSid, url}, code, level, text) {
		this.redis.tell('EVAL', ADD_ALERT, 1, 'alerts', ALERTS_KEPT,
			'time', new Date().toISOString(), 'account_sid', this.accountSid,
			'call_sid', callSid, 'code', code, 'level', level,
			'text', text.slice(0, 1000), 'url', url, 'source', '',
			'method', '', 'status', '');
	}
}

/** Whose lines these are. @param event of a signed request, else undefined */
export function noteOf(event, path, url) {
	const callSid = event && String(event.CallSid ?? '');
	return {path, url: event ? url : '',
		callSid: /^CA[0-9a-f]{32}$/.test(callSid) ? callSid : ''};
}
