// A voice_url that talks too much, and turns everybody away.
exports.handler = function (context, event, callback) {
	for (let i = 1; i <= 60; i++)
		console.log(`line ${i}`);
	console.error('it is <broken> & sorry');
	callback(null, '<Response><Reject reason="busy"/></Response>');
};
