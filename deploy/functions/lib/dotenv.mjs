// dotenv.mjs - the .env file of a project: NAME=value, # comments, quotes
const LINE = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:"((?:\\[^]|[^"\\])*)"|'([^']*)'|`([^`]*)`|([^\n#]*?))[ \t]*(?:#.*)?$/gm;
const ESCAPES = {n: '\n', r: '\r', t: '\t'};

/** @return {NAME: value}; in double quotes \n is a new line, and any quotes may
 *  go over several lines */
export function readDotenv(text) {
	const out = {};
	for (const [, name, double, single, tick, bare]
		of text.replace(/\r\n?/g, '\n').matchAll(LINE))
		out[name] = double?.replace(/\\([^])/g, (_, c) => ESCAPES[c] ?? c)
			?? single ?? tick ?? bare.trim();
	return out;
}
