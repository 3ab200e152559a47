/** What *work* comes to; and where it takes longer than *mostMs*, what *late* says instead. */
export async function inTime<T>(work: Promise<T>, mostMs: number, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, mostMs);
  });
  try {
    const done = await Promise.race([work.then((value) => ({ value })), end]);
    return done === undefined ? late() : done.value;
  } finally {
    clearTimeout(timer);
  }
}
