// log.mjs - one line an event, key=value, as the other processes have it
const LEVELS = ['debug', 'info', 'warn', 'error'];
const LINE_MAX = 4096; // characters

const escaped = (text) => String(text).slice(0, LINE_MAX)
	.replace(/["\\]/g, '\\$&')
	// eslint-disable-next-line no-control-regex
	.replace(/[\x00-\x1f\x7f-\x9f]/g, (c) =>
		`\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** @param least level that is written  @param context {key: value}
 *  @return {debug, info, warn, error: (message) => …, with: (context) => log} */
export function openLog(least, context = {}) {
	const pairs = Object.entries(context).filter(([, value]) => value)
		.map(([key, value]) => ` ${key}=${escaped(value)}`).join('');
	const log = {with: (more) => openLog(least, {...context, ...more})};
	for (const level of LEVELS)
		log[level] = LEVELS.indexOf(level) < LEVELS.indexOf(least) ? () => {}
			: (message) => process.stderr.write(
				`t=${(Date.now() / 1000).toFixed(3)} level=${level}${pairs} `
				+ `msg="${escaped(message)}"\n`);
	return log;
}
