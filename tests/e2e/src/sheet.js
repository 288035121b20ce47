// Draws pictures side by side, each with its name, and returns the sheet as the bytes of a WebP.
const [pictures, columns, scale, dark] = arguments;
const done = arguments[arguments.length - 1];
(async () => {
  const images = await Promise.all(
    pictures.map(async ({ name, bytes }) => ({ name, image: await createImageBitmap(new Blob([new Uint8Array(bytes)])) })),
  );
  const gap = 20;
  const line = 24;
  const width = Math.max(...images.map(({ image }) => image.width)) * scale;
  // Each goes to the column that is shortest so far.
  const heights = Array(columns).fill(gap);
  const places = images.map(({ name, image }) => {
    const column = heights.indexOf(Math.min(...heights));
    const place = { name, image, x: gap + column * (width + gap), y: heights[column] };
    heights[column] += line + image.height * scale + gap;
    return place;
  });
  const canvas = new OffscreenCanvas(gap + columns * (width + gap), Math.max(...heights));
  const pen = canvas.getContext("2d");
  pen.fillStyle = dark ? "#0c0f11" : "#e9edeb";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = dark ? "#c9d3cf" : "#2b3832";
  pen.font = "600 14px system-ui, sans-serif";
  pen.imageSmoothingQuality = "high";
  for (const { name, image, x, y } of places) {
    pen.fillText(name, x, y + 15);
    pen.drawImage(image, x, y + line, image.width * scale, image.height * scale);
  }
  const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.7 });
  return [...new Uint8Array(await blob.arrayBuffer())];
})().then(done, (error) => done(`${error}`));
