/** Fails with `what` where it is not so. */
export function test(is, what) {
  if (!is) throw new Error(`not so: ${what}`);
}
