/* SPDX-License-Identifier: MIT */
/*
 * The date client of the textbooks on operating systems, after their
 * description: connects to port 6013 of this machine and prints each line that
 * comes, until the connection is closed. It knows nothing of ferry.
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;

public class DateClient {
	public static void main(String[] args) throws IOException {
		try (Socket server = new Socket("127.0.0.1", 6013)) {
			BufferedReader in = new BufferedReader(
				new InputStreamReader(server.getInputStream()));
			String line;

			while ((line = in.readLine()) != null)
				System.out.println(line);
		}
	}
}
