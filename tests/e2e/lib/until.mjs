// until.mjs - wait for something to become true, with a deadline
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
