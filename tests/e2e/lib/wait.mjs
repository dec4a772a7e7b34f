// wait.mjs - wait for something, with a deadline; let no child outlive us
const STEP = 10; // ms
const STEP_MAX = 50; // ms of a step that count

/** @return the first truthy value of @p probe (which may be async). When this
 *  program, or the machine, stands still, that does not count: what is waited
 *  for stood still, too. */
export async function until(probe, ms, what) {
	let waited = 0;
	for (let last = performance.now(); ;) {
		const value = await probe();
		const now = performance.now();
		if (value)
			return value;
		waited += Math.min(now - last, STEP_MAX);
		last = now;
		if (waited > ms)
			throw new Error(`after ${ms} ms still no `
				+ (typeof what === 'function' ? what() : what));
		await sleep(STEP);
	}
}

/** Let @p ms pass in which this program did run. */
export async function quiet(ms) {
	for (let waited = 0; waited < ms; waited += STEP)
		await sleep(STEP);
}

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

const children = new Set();

/** Whatever ends this program ends @p child too. */
export function leash(child) {
	children.add(child);
	child.once('exit', () => children.delete(child));
	return child;
}

process.on('exit', () => children.forEach((child) => child.kill('SIGTERM')));
for (const signal of ['SIGINT', 'SIGTERM'])
	process.on(signal, () => process.exit(1));
