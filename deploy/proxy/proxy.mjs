// proxy.mjs - an HTTPS proxy that takes what is meant for the helper libraries'
// hosts to Trestle, so that an application changes in nothing but its environment
//
//     node proxy.mjs DIRECTORY API [PORT [ADDRESS]]
//
// DIRECTORY has key.pem and chain.pem, a certificate for those hosts by an
// authority that the application is told to believe; `start` makes them. A
// CONNECT to another host is refused: this is no way to anywhere else.
import http from 'node:http';
import https from 'node:https';
import {readFileSync} from 'node:fs';
import path from 'node:path';

const HOSTS = /^[a-z0-9.-]+\.twilio\.com:443$/;
const [dir, api, port = '8443', address = '127.0.0.1'] = process.argv.slice(2);
if (!api) {
	console.error('usage: node proxy.mjs DIRECTORY API [PORT [ADDRESS]]');
	process.exit(2);
}
const target = new URL(api);
const agent = new http.Agent({keepAlive: true});

/** What came through the tunnel, on to the API as it is. */
function pass(req, res) {
	const onward = (target.protocol === 'https:' ? https : http).request({
		host: target.hostname, port: target.port, method: req.method,
		path: req.url, headers: {...req.headers, 'x-forwarded-proto': 'https'},
		...(target.protocol === 'http:' && {agent})}, (answer) => {
		res.writeHead(answer.statusCode, answer.headers);
		answer.pipe(res);
	});
	onward.on('error', (error) => {
		res.writeHead(502, {'Content-Type': 'text/plain'})
			.end(`${api}: ${error.message}\n`);
	});
	req.pipe(onward);
}

const inside = https.createServer({
	key: readFileSync(path.join(dir, 'key.pem')),
	cert: readFileSync(path.join(dir, 'chain.pem'))}, pass);

const outside = http.createServer((_, res) => {
	res.writeHead(405, {'Content-Type': 'text/plain'})
		.end('This is a proxy for HTTPS: CONNECT.\n');
});
outside.on('connect', (req, socket, head) => {
	socket.on('error', () => socket.destroy());
	if (!HOSTS.test(req.url)) {
		socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
		return;
	}
	socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
	socket.unshift(head);
	inside.emit('connection', socket);
});
outside.listen(Number(port), address, () =>
	console.log(`ready http://${address}:${outside.address().port}`));
