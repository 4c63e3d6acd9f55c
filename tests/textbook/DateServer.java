/* SPDX-License-Identifier: MIT */
/*
 * The date server of the textbooks on operating systems, after their
 * description: at port 6013 of this machine, whoever connects is told the date
 * on a line, and the connection is closed. It knows nothing of ferry.
 */
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Date;

public class DateServer {
	public static void main(String[] args) throws IOException {
		try (ServerSocket server = new ServerSocket(6013)) {
			while (true) {
				Socket client = server.accept();
				PrintWriter out = new PrintWriter(
					client.getOutputStream(), true);

				out.println(new Date().toString());
				client.close();
			}
		}
	}
}
