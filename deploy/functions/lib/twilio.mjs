// twilio.mjs - the project's own `twilio` package as the global `Twilio`
import {createRequire} from 'node:module';
import path from 'node:path';

import {Response} from './response.mjs';

const {aim} = createRequire(import.meta.url)('../aim.cjs');

/** What stands for the package when the project has none. */
function missing(error) {
	const complain = () => {
		throw new Error('the project has no package twilio that can be loaded '
			+ `(npm install twilio): ${error.message}`);
	};
	return new Proxy(complain, {apply: complain, get: (target, name) =>
		(name === 'Response' ? Response : complain())});
}

/**
 * @param root the project's folder  @param base URL of the API, which every
 *  client of every copy of the package asks from here on
 * @return the package, with Twilio.Response
 */
export function projectTwilio(root, base) {
	aim(base);
	try {
		const twilio = createRequire(path.join(root, 'package.json'))('twilio');
		twilio.Response = Response;
		return twilio;
	} catch (error) {
		return missing(error);
	}
}
