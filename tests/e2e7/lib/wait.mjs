// wait.mjs - wait for something, with a deadline; let no child outlive us
const STEP = 10; // ms

/** @return the first truthy value of @p probe (which may be async) */
export async function until(probe, ms, what) {
	const end = performance.now() + ms;
	for (;;) {
		const value = await probe();
		if (value)
			return value;
		if (performance.now() > end)
			throw new Error(`after ${ms} ms still no `
				+ (typeof what === 'function' ? what() : what));
		await sleep(STEP);
	}
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
