// menu.js - a greeting, a menu by keys or by voice, and opening hours
import twilio from 'twilio';

import {ring, takeMessage} from './people.js';

const {VoiceResponse} = twilio.twiml;

// Digit, the words that mean the same, and what happens.
const choices = [
	{digit: '1', words: ['alice', 'sales'], go: (p) => ring(p, ['alice'])},
	{digit: '2', words: ['bob', 'workshop'], go: (p) => ring(p, ['bob'])},
	// a department: all three ring, who answers first has the call
	{digit: '3', words: ['support', 'help'],
		go: (p) => ring(p, ['alice', 'bob', '+15550100'], 'support')},
	{digit: '4', words: ['hours', 'open'], go: hours},
];

const ATTEMPTS = 3; // then it is assumed that nobody is there
const [opens, closes] = (process.env.OPENING_HOURS ?? '0-24').split('-').map(Number);

function open(now = new Date()) {
	return now.getHours() >= opens && now.getHours() < closes;
}

/** "Welcome": asks for a choice, up to ATTEMPTS times. */
export function menu({attempt = '1'}) {
	const response = new VoiceResponse();
	if (!open()) {
		response.say('Thank you for calling. We are closed at the moment.');
		return takeMessage(response, 'support');
	}
	const gather = response.gather({input: 'dtmf speech', numDigits: 1,
		action: '/choice', speechTimeout: 1, timeout: 5,
		hints: choices.flatMap((c) => c.words).join(',')});
	if (attempt === '1')
		gather.say('Welcome to Trestle.');
	gather.say('For Alice, press 1. For Bob, press 2. For support, press 3. '
		+ 'For our opening hours, press 4. Or just say it.');
	if (Number(attempt) < ATTEMPTS)
		response.redirect(`/menu?attempt=${Number(attempt) + 1}`);
	else
		response.say('Nobody seems to be there. Good bye.');
	return response;
}

/** What was pressed or said. */
export function choice(params) {
	const said = (params.SpeechResult ?? '').toLowerCase();
	const found = choices.find((c) => c.digit === params.Digits
		|| c.words.some((w) => said.includes(w)));
	if (found)
		return found.go(params);
	const response = new VoiceResponse();
	response.say('Sorry, I did not understand that.');
	response.redirect('/menu?attempt=2');
	return response;
}

export function hours() {
	const response = new VoiceResponse();
	response.say(opens === 0 && closes === 24 ? 'We are here day and night.'
		: `We are here from ${opens} to ${closes} o'clock.`);
	response.redirect('/menu?attempt=2');
	return response;
}
