package io.github.llmcache.sample;

/**
 * A request that the stand-in does not answer.
 */
class StandInException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	private final String code;

	StandInException(int status, String code, String message) {
		super(message);
		this.status = status;
		this.code = code;
	}

	int getStatus() {
		return this.status;
	}

	String getCode() {
		return this.code;
	}

}
