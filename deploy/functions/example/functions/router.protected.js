// router - a SIP domain's voice_url: who dials what goes where
//
// A user of the domain rings, a number goes to the phone network. In
//     https://…/router?defaultCountry=GB&defaultCallerId=%2B442071838750
// numbers are read as they are dialled in Great Britain (without it in the US),
// and callers whose names are no numbers show that one to the phone network
// (without it the domain's default_caller_id).
const {PhoneNumberFormat, PhoneNumberUtil, ShortNumberInfo} =
	require('google-libphonenumber');

const phone = PhoneNumberUtil.getInstance();
const short = ShortNumberInfo.getInstance();

/** "sip:bob@example.com" -> {user, domain} */
function partsOf(uri) {
	const [, user, domain] = /^sips?:([^@;?]+)@([^;?]+)/.exec(uri || '') || [];
	if (!user)
		throw new Error(`"${uri}" is no SIP URI with a user`);
	return {user: decodeURIComponent(user), domain};
}

function parse(text, country) {
	try {
		const number = phone.parse(text, country);
		return phone.isPossibleNumber(number)
			? phone.format(number, PhoneNumberFormat.E164) : undefined;
	} catch (error) {
		return undefined; // "1": libphonenumber says so with an exception
	}
}

/** What was dialled as +E.164; undefined for what is no phone number. */
function numberOf(user, country) {
	if (!/^\+?[\d\s().-]+$/.test(user))
		return undefined;
	return parse(user, country) // else with its country, but without "+"
		|| (/^[1-9]\d{9,}$/.test(user) ? parse(`+${user}`) : undefined);
}

/** Names of all users that may register at the domain. */
async function usersOf(client, domainSid) {
	const mappings = await client.sip.domains(domainSid).auth.registrations
		.credentialListMappings.list();
	const lists = await Promise.all(mappings.map((mapping) =>
		client.sip.credentialLists(mapping.sid).credentials.list()));
	return new Set(lists.flat().map((credential) => credential.username));
}

/** @return {to: what is dialled, isUser} */
function target(dialled, country, users) {
	const number = numberOf(dialled, country);
	for (const user of [dialled, number])
		if (users.has(user))
			return {to: user, isUser: true};
	return number ? {to: number, isUser: false}
		: {to: dialled, isUser: true}; // the call says who is not there
}

async function route(context, event) {
	const country = event.defaultCountry || 'US';
	const caller = partsOf(event.From).user;
	const {user: dialled, domain} = partsOf(event.To);
	const response = new Twilio.twiml.VoiceResponse();
	// Help is not looked up first.
	if (short.connectsToEmergencyNumber(dialled, country)) {
		response.dial({answerOnBridge: true}).number(dialled);
		return response;
	}
	const users = await usersOf(context.getTwilioClient(), event.SipDomainSid);
	const {to, isUser} = target(dialled, country, users);
	const callerId = numberOf(caller, country)
		|| (isUser ? caller : event.defaultCallerId);
	const dial = response.dial({callerId, answerOnBridge: true});
	if (isUser)
		dial.sip(`sip:${encodeURIComponent(to).replace(/^%2B/, '+')}@${domain}`);
	else
		dial.number(to);
	return response;
}

exports.handler = function (context, event, callback) {
	route(context, event).then((response) => {
		console.log(`${event.From} -> ${event.To}: ${response}`);
		callback(null, response);
	}).catch(callback);
};
