// messages.js - hear the messages of one's own mailbox over the phone
import twilio from 'twilio';

import {userOf} from './people.js';
import {dropMessage, messagesOf} from './store.js';

const {VoiceResponse} = twilio.twiml;

/** Who calls hears the messages for the user that the phone registered as. */
export async function listen(params) {
	const response = new VoiceResponse();
	const messages = await messagesOf(userOf(params.From));
	const n = Number(params.n ?? 0);
	if (params.n === undefined)
		response.say(`You have ${messages.length || 'no'} `
			+ `message${messages.length === 1 ? '' : 's'}.`);
	if (n >= messages.length) {
		response.say('Good bye.');
		return response;
	}
	const gather = response.gather({numDigits: 1, timeout: 5, finishOnKey: '',
		action: `/message-key?n=${n}`});
	gather.say(`From ${messages[n].from}.`);
	gather.play(messages[n].url);
	gather.say('To hear it again, press 1. To delete it, press 3.');
	response.redirect(`/messages?n=${n + 1}`);
	return response;
}

export async function messageKey(params) {
	const response = new VoiceResponse();
	const n = Number(params.n);
	const message = (await messagesOf(userOf(params.From)))[n];
	if (params.Digits === '3' && message) {
		await remove(params.AccountSid, message.sid);
		response.say('Deleted.');
		response.redirect(`/messages?n=${n}`);
	} else {
		response.redirect(`/messages?n=${params.Digits === '1' ? n : n + 1}`);
	}
	return response;
}

async function remove(account, sid) {
	const client = twilio(account, process.env.TRESTLE_AUTH_TOKEN);
	client.api.baseUrl = process.env.TRESTLE_PUBLIC_URL;
	await client.recordings(sid).remove()
		.catch((e) => { if (e.status !== 404) throw e; });
	await dropMessage(sid);
}
