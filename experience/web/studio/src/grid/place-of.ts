// Rows have the numbers of their records in the file. Records that were rejected have a number and no row, so a row's place may be
// before its number says.

/**
 * The place, from 0, of the row of that number; of the next one if there is none. `numberAt` tells the number at a place, and grows
 * with it by one at least.
 */
export async function placeOf(
  number: number,
  total: number,
  numberAt: (place: number) => Promise<number>,
): Promise<number> {
  let high = Math.max(0, Math.min(total, number) - 1)
  const there = await numberAt(high)
  if (there <= number) return high
  let low = Math.max(0, high - (there - number))
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((await numberAt(middle)) >= number) high = middle
    else low = middle + 1
  }
  return low
}
