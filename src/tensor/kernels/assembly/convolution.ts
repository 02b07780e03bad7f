// Windows of images to rows and back. Images are [rows, height, width, channels]; a window's row of pixels is then one
// stretch of memory, copied or added whole where it lies inside the image.

@inline
function copyFloats(out: usize, x: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(out + ((<usize>i) << 2), v128.load(x + ((<usize>i) << 2)));
  for (; i < count; i++) store<f32>(out + ((<usize>i) << 2), load<f32>(x + ((<usize>i) << 2)));
}

@inline
function addFloats(out: usize, x: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(out + at, f32x4.add(v128.load(out + at), v128.load(x + at)));
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    store<f32>(out + at, load<f32>(out + at) + load<f32>(x + at));
  }
}

@inline
function clearFloats(out: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<f32>(out + ((<usize>i) << 2), 0);
}

/** columns = windows of the images; outside them there are zeros. */
export function im2col(
  columns: usize, images: usize, rows: i32, height: i32, width: i32, channels: i32, kernelHeight: i32, kernelWidth: i32,
  stepDown: i32, stepRight: i32, top: i32, left: i32, down: i32, right: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = pixel * <usize>width;
  const stretch = pixel * <usize>kernelWidth;
  for (let row = 0; row < rows; row++) {
    for (let oy = 0; oy < down; oy++) {
      for (let ox = 0; ox < right; ox++) {
        const x0 = ox * stepRight - left;
        const from = max(0, -x0), to = min(kernelWidth, width - x0);
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = oy * stepDown - top + ky;
          if (y < 0 || y >= height || to <= from) {
            clearFloats(columns, kernelWidth * channels);
          } else {
            clearFloats(columns, from * channels);
            copyFloats(
              columns + <usize>from * pixel, images + <usize>y * line + <usize>(x0 + from) * pixel, (to - from) * channels,
            );
            clearFloats(columns + <usize>to * pixel, (kernelWidth - to) * channels);
          }
          columns += stretch;
        }
      }
    }
    images += line * <usize>height;
  }
}

/** images = 0, then each window's row added to where it came from. */
export function col2im(
  images: usize, columns: usize, rows: i32, height: i32, width: i32, channels: i32, kernelHeight: i32, kernelWidth: i32,
  stepDown: i32, stepRight: i32, top: i32, left: i32, down: i32, right: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = pixel * <usize>width;
  const stretch = pixel * <usize>kernelWidth;
  memory.fill(images, 0, <usize>rows * <usize>height * line);
  for (let row = 0; row < rows; row++) {
    for (let oy = 0; oy < down; oy++) {
      for (let ox = 0; ox < right; ox++) {
        const x0 = ox * stepRight - left;
        const from = max(0, -x0), to = min(kernelWidth, width - x0);
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = oy * stepDown - top + ky;
          if (y >= 0 && y < height && to > from) {
            addFloats(
              images + <usize>y * line + <usize>(x0 + from) * pixel, columns + <usize>from * pixel, (to - from) * channels,
            );
          }
          columns += stretch;
        }
      }
    }
    images += line * <usize>height;
  }
}
