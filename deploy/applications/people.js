// people.js - ring somebody; who is not there gets a message
import twilio from 'twilio';

import {keepMessage} from './store.js';

const {VoiceResponse} = twilio.twiml;

const RING_SECONDS = 20;
const MESSAGE_SECONDS = 120;

/** The user part of "sip:alice@192.0.2.5"; a number as it is. */
export function userOf(address) {
	return address.replace(/^sips?:/, '').replace(/@.*/, '');
}

/** A phone dialed: "menu" and "messages" are ours, all else is a person. */
export function call(params) {
	const response = new VoiceResponse();
	const dialed = userOf(params.To);
	if (['menu', '100'].includes(dialed))
		response.redirect('/menu');
	else if (['messages', '101'].includes(dialed))
		response.redirect('/messages');
	else
		return ring(params, [dialed]);
	return response;
}

/** Ring users of the caller's domain, all at once. */
export function ring(params, users, mailbox = users[0]) {
	const response = new VoiceResponse();
	const domain = params.To.replace(/.*@/, '');
	const dial = response.dial({timeout: RING_SECONDS, answerOnBridge: true,
		action: `/dialed?mailbox=${encodeURIComponent(mailbox)}`});
	for (const user of users)
		dial.sip(`sip:${user}@${domain}`);
	return response;
}

/** The ringing or the conversation is over. */
export function dialed(params) {
	const response = new VoiceResponse();
	if (params.DialCallStatus === 'completed') {
		response.hangup();
		return response;
	}
	response.say(params.DialCallStatus === 'busy'
		? 'The line is busy.' : 'There is no answer.');
	return takeMessage(response, params.mailbox);
}

export function takeMessage(response, mailbox) {
	response.say('Please leave a message after the tone. Press the hash key '
		+ 'when you are done.');
	response.record({maxLength: MESSAGE_SECONDS, timeout: 5, finishOnKey: '#',
		action: `/left-message?mailbox=${encodeURIComponent(mailbox)}`});
	response.say('Nothing was heard. Good bye.');
	return response;
}

export async function leftMessage(params) {
	const response = new VoiceResponse();
	await keepMessage({mailbox: params.mailbox, from: userOf(params.From),
		sid: params.RecordingSid ?? params.RecordingUrl.split('/').pop(),
		url: params.RecordingUrl, seconds: Number(params.RecordingDuration),
		at: new Date().toISOString()});
	response.say('Thank you. Your message was saved. Good bye.');
	return response;
}
