// router.mjs - the customer's application: who dials what goes where
//
// A user of ours is called as <Sip>, anything else that is a number goes to the
// phone network; a caller with a number shows it, another the default one.
import {twiml} from './app.mjs';

const user = (uri) => /^sip:([^@]+)@/.exec(uri)?.[1] ?? uri;
const isNumber = (s) => /^\+?\d+$/.test(s);

export function router({users, domain, defaultCallerId, statusCallback}) {
	return ({params}) => twiml((r) => {
		const [from, to] = [user(params.From), user(params.To)];
		const ours = users.includes(to);
		const callerId = isNumber(from) ? from
			: ours ? from : defaultCallerId;
		const dial = r.dial({callerId, answerOnBridge: true});
		const events = {statusCallback, statusCallbackEvent:
			'initiated ringing answered completed'};
		if (ours)
			dial.sip(events, `sip:${to}@${domain}`);
		else
			dial.number(events, to);
	});
}
