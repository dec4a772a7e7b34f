// server.js - the sample applications behind one HTTP server
//
// What a handler gets: the parameters of the request, those of the URL
// included. What it gives: a VoiceResponse. Nothing here is special to
// Trestle; the official `twilio` package does the work.
import http from 'node:http';
import twilio from 'twilio';

import {choice, hours, menu} from './menu.js';
import {call, dialed, leftMessage} from './people.js';
import {listen, messageKey} from './messages.js';

const token = process.env.TRESTLE_AUTH_TOKEN;
const base = process.env.APPLICATION_URL ?? 'http://127.0.0.1:3000';
const BODY_MAX = 64 * 1024; // bytes

const routes = {
	'/call': call,                // a phone dialed something
	'/dialed': dialed,            // how that ended
	'/left-message': leftMessage, // somebody spoke after the beep
	'/menu': menu,
	'/choice': choice,
	'/hours': hours,
	'/messages': listen,
	'/message-key': messageKey,
};

async function read(req) {
	let body = '';
	for await (const piece of req) {
		body += piece;
		if (body.length > BODY_MAX)
			throw new Error('the request is too long');
	}
	return Object.fromEntries(new URLSearchParams(body));
}

async function answer(req, res) {
	const url = new URL(req.url, base);
	const body = await read(req);
	if (!twilio.validateRequest(token, req.headers['x-twilio-signature'] ?? '',
		`${base}${req.url}`, body))
		return res.writeHead(403).end('the signature is wrong\n');
	if (!routes[url.pathname])
		return res.writeHead(404).end('there is no such page\n');
	const params = {...Object.fromEntries(url.searchParams), ...body};
	const twiml = await routes[url.pathname](params);
	console.log(`${params.CallSid} ${url.pathname} -> ${twiml}`);
	res.writeHead(200, {'Content-Type': 'text/xml'}).end(twiml.toString());
}

if (!token) {
	console.error('Set TRESTLE_AUTH_TOKEN to the auth_token of the account.');
	process.exit(2);
}
http.createServer((req, res) => answer(req, res).catch((e) => {
	console.error(e);
	res.writeHead(500).end('see the output of the application\n');
})).listen(new URL(base).port, new URL(base).hostname, () =>
	console.log(`the applications listen on ${base}`));
