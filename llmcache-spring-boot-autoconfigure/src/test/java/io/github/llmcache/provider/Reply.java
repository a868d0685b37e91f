package io.github.llmcache.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a {@link StandInProvider} replies. Immutable.
 */
public final class Reply {

	private enum Framing {

		/** Whole, with a length, and the connection stays open. */
		WHOLE,

		/** Whole, in chunks. */
		CHUNKED,

		/** With a length, but the connection ends within the body. */
		CUT_OFF,

		/** In chunks, but the connection ends within the body. */
		CUT_OFF_CHUNKED,

		/** With a length, but nothing comes any more within the body. */
		STALLED,

		/** The body again and again, until the client leaves. */
		ENDLESS,

		/** Only the bytes of the body, then the connection ends. */
		RAW

	}

	private final int status;

	private final List<String> headers;

	private final byte[] body;

	private final Framing framing;

	private final int sentBytes;

	private final @Nullable CountDownLatch latch;

	private Reply(int status, List<String> headers, byte[] body, Framing framing, int sentBytes,
			@Nullable CountDownLatch latch) {
		this.status = status;
		this.headers = headers;
		this.body = body;
		this.framing = framing;
		this.sentBytes = sentBytes;
		this.latch = latch;
	}

	/**
	 * Create a reply without a body.
	 * @param status the status
	 * @return the reply
	 */
	public static Reply status(int status) {
		return new Reply(status, List.of(), new byte[0], Framing.WHOLE, 0, null);
	}

	/**
	 * Create a reply with the status 200 and a JSON body.
	 * @param json the body
	 * @return the reply
	 */
	public static Reply ok(String json) {
		return json(200, json);
	}

	public static Reply json(int status, String json) {
		return status(status).body("application/json", json);
	}

	/**
	 * Create an error as OpenAI and compatible servers send it.
	 * @param status the status, which can be 200
	 * @param type the type of the error
	 * @param code the code of the error
	 * @param message the message
	 * @return the reply
	 */
	public static Reply openAiError(int status, String type, @Nullable String code, String message) {
		ObjectNode body = StandInProvider.JSON.createObjectNode();
		body.putObject("error").put("message", message).put("type", type).putNull("param").put("code", code);
		return json(status, body.toString());
	}

	public static Reply anthropicError(int status, String type, String message) {
		ObjectNode body = StandInProvider.JSON.createObjectNode().put("type", "error");
		body.putObject("error").put("type", type).put("message", message);
		return json(status, body.toString());
	}

	/**
	 * Create an error as Google's APIs send it.
	 * @param status the status, which can be 200
	 * @param type the name of the status
	 * @param message the message
	 * @param details the details, in JSON
	 * @return the reply
	 */
	public static Reply googleError(int status, String type, String message, String... details) {
		ObjectNode body = StandInProvider.JSON.createObjectNode();
		ObjectNode error = body.putObject("error").put("code", status).put("message", message).put("status", type);
		for (String detail : details) {
			error.withArray("details").add(StandInProvider.JSON.readTree(detail));
		}
		return json(status, body.toString());
	}

	/**
	 * Create an error that says to come back later.
	 * @param retryAfter the value of the header
	 * @return the reply
	 */
	public static Reply rateLimited(String retryAfter) {
		return openAiError(429, "requests", "rate_limit_exceeded", "Rate limit reached").header("Retry-After",
				retryAfter);
	}

	public static Reply html(int status) {
		return status(status).body("text/html; charset=utf-8", "<html><body><h1>It works!</h1></body></html>");
	}

	public static Reply redirect(int status, String location) {
		return status(status).header("Location", location);
	}

	/**
	 * Create a reply that is nothing but an end of the connection.
	 * @return the reply
	 */
	public static Reply disconnect() {
		return raw("");
	}

	/**
	 * Create a reply that need not be HTTP.
	 * @param bytes what is sent before the connection ends
	 * @return the reply
	 */
	public static Reply raw(String bytes) {
		return new Reply(0, List.of(), bytes.getBytes(StandardCharsets.UTF_8), Framing.RAW, 0, null);
	}

	public Reply header(String name, String value) {
		List<String> all = new ArrayList<>(this.headers);
		all.add(name + ": " + value);
		return new Reply(this.status, List.copyOf(all), this.body, this.framing, this.sentBytes, this.latch);
	}

	public Reply body(String contentType, String body) {
		return body(body.getBytes(StandardCharsets.UTF_8)).header("Content-Type", contentType);
	}

	public Reply body(byte[] body) {
		return new Reply(this.status, this.headers, body.clone(), this.framing, this.sentBytes, this.latch);
	}

	/**
	 * Send the body compressed.
	 * @return the reply
	 */
	public Reply zipped() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
			zip.write(this.body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return body(bytes.toByteArray()).header("Content-Encoding", "gzip");
	}

	/**
	 * Send the body in chunks, without saying its length before.
	 * @return the reply
	 */
	public Reply chunked() {
		return framing(Framing.CHUNKED, 0);
	}

	/**
	 * Say the length of the body, but end the connection early.
	 * @param bytes how much of the body is sent
	 * @return the reply
	 */
	public Reply cutOffAfter(int bytes) {
		return framing((this.framing == Framing.CHUNKED) ? Framing.CUT_OFF_CHUNKED : Framing.CUT_OFF, bytes);
	}

	/**
	 * Send a part of the body and then nothing until the client leaves.
	 * @param bytes how much of the body is sent
	 * @return the reply
	 */
	public Reply stalledAfter(int bytes) {
		return framing(Framing.STALLED, bytes);
	}

	/**
	 * Send the body again and again until the client leaves.
	 * @return the reply
	 */
	public Reply endless() {
		return framing(Framing.ENDLESS, 0);
	}

	/**
	 * Wait before sending anything.
	 * @param latch what to wait for
	 * @return the reply
	 */
	public Reply after(CountDownLatch latch) {
		return new Reply(this.status, this.headers, this.body, this.framing, this.sentBytes, latch);
	}

	private Reply framing(Framing framing, int sentBytes) {
		return new Reply(this.status, this.headers, this.body, framing, sentBytes, this.latch);
	}

	void awaitTurn() throws InterruptedException {
		if (this.latch != null) {
			this.latch.await();
		}
	}

	boolean isFinite() {
		return this.framing != Framing.STALLED && this.framing != Framing.ENDLESS;
	}

	/**
	 * Write the reply.
	 * @return whether another request can follow on the connection
	 */
	boolean writeTo(OutputStream out) throws IOException, InterruptedException {
		switch (this.framing) {
			case RAW -> write(out, this.body);
			case WHOLE -> write(out, head("Content-Length: " + this.body.length), this.body);
			case CUT_OFF -> write(out, head("Content-Length: " + this.body.length), sent());
			case CHUNKED -> write(out, head("Transfer-Encoding: chunked"), chunk(this.body), chunk(new byte[0]));
			case CUT_OFF_CHUNKED ->
				write(out, head("Transfer-Encoding: chunked"), (this.sentBytes > 0) ? chunk(sent()) : new byte[0]);
			case STALLED -> {
				write(out, head("Content-Length: " + this.body.length), sent());
				new CountDownLatch(1).await();
			}
			case ENDLESS -> {
				write(out, head("Transfer-Encoding: chunked"));
				while (!Thread.currentThread().isInterrupted()) {
					write(out, chunk(this.body));
				}
			}
		}
		return this.framing == Framing.WHOLE || this.framing == Framing.CHUNKED;
	}

	private byte[] sent() {
		return Arrays.copyOf(this.body, this.sentBytes);
	}

	private byte[] head(String framingHeader) {
		StringBuilder head = new StringBuilder("HTTP/1.1 ").append(this.status).append(" Whatever\r\n");
		this.headers.forEach((header) -> head.append(header).append("\r\n"));
		if (this.status != 204 && this.status != 304) {
			head.append(framingHeader).append("\r\n");
		}
		return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
	}

	private static byte[] chunk(byte[] bytes) {
		byte[] size = String.format(Locale.ROOT, "%x\r\n", bytes.length).getBytes(StandardCharsets.US_ASCII);
		byte[] chunk = Arrays.copyOf(size, size.length + bytes.length + 2);
		System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
		chunk[chunk.length - 2] = '\r';
		chunk[chunk.length - 1] = '\n';
		return chunk;
	}

	private static void write(OutputStream out, byte[]... parts) throws IOException {
		for (byte[] part : parts) {
			out.write(part);
		}
		out.flush();
	}

}
