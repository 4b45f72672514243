//! What a client sees that asks.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::*;

fn jellyfin() -> Announcement {
    let [id, name, address] = ["4f3a", "Attic", "http://127.0.0.1:8096"].map(str::to_owned);
    Announcement::Jellyfin { id, name, address }
}

fn plex() -> Announcement {
    let hash = Some("0123456789abcdef0123456789abcdef".to_owned());
    Announcement::Plex { id: "9c11".to_owned(), name: "Cellar".to_owned(), port: 32400, hash }
}

/// Asks, and gives that many answers.
async fn ask(responder: &Responder, question: &str, answers: usize) -> Vec<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(question.as_bytes(), responder.address()).await.unwrap();
    let mut heard = Vec::new();
    for _ in 0..answers {
        let mut buffer = vec![0; 70_000];
        let length = timeout(Duration::from_secs(30), socket.recv(&mut buffer)).await.unwrap().unwrap();
        buffer.truncate(length);
        heard.push(buffer);
    }
    heard
}

#[tokio::test]
async fn a_jellyfin_answers_whatever_the_case_of_the_question() {
    let responder = Responder::start(jellyfin()).await.unwrap();
    for question in ["who is JellyfinServer?", "Who is JELLYFINSERVER?|client"] {
        let answers = ask(&responder, question, 1).await;
        let answer: serde_json::Value = serde_json::from_slice(&answers[0]).unwrap();
        let expected = serde_json::json!({
            "Address": "http://127.0.0.1:8096", "Id": "4f3a", "Name": "Attic", "EndpointAddress": null
        });
        assert_eq!(answer, expected);
    }
    assert_eq!(responder.questions().len(), 2);
    assert_eq!(responder.target(), format!("jellyfin={}", responder.address()));
}

#[tokio::test]
async fn a_plex_answers_with_the_head_of_a_reply() {
    let responder = Responder::start(plex()).await.unwrap();
    for question in ["M-SEARCH * HTTP/1.1\r\n\r\n", "M-SEARCH * HTTP/1.0"] {
        let answer = String::from_utf8(ask(&responder, question, 1).await.remove(0)).unwrap();
        assert!(answer.starts_with("HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\n"), "{answer}");
        for line in ["Port: 32400", "Resource-Identifier: 9c11", "Name: Cellar"] {
            assert!(answer.lines().any(|found| found == line), "{answer}");
        }
    }
}

#[tokio::test]
async fn another_question_is_not_answered() {
    let responder = Responder::start(plex()).await.unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(b"who is JellyfinServer?", responder.address()).await.unwrap();
    // The next one is answered, and is the first.
    ask(&responder, "M-SEARCH * HTTP/1.1\r\n\r\n", 1).await;
    assert_eq!(responder.questions().len(), 1);
}

#[tokio::test]
async fn manners_change_the_answer() {
    let responder = Responder::start(jellyfin()).await.unwrap();
    let question = "who is JellyfinServer?";
    responder.set_manner(Manner::Huge);
    let answers = ask(&responder, question, 2).await;
    assert_eq!((answers[0].len(), answers[1].len() < 200), (LARGEST_DATAGRAM, true));
    responder.set_manner(Manner::WrongId);
    assert!(String::from_utf8_lossy(&ask(&responder, question, 1).await[0]).contains("ffff"));
    responder.set_manner(Manner::Many(3));
    let answers = ask(&responder, question, 4).await;
    assert!(answers[..3].iter().all(|answer| *answer != answers[3]));
    responder.set_manner(Manner::Silent);
    ask(&responder, question, 0).await;
    responder.set_manner(Manner::Proper);
    responder.announce(Announcement::Jellyfin {
        id: "b".into(),
        name: "B".into(),
        address: "http://x".into(),
    });
    assert!(String::from_utf8_lossy(&ask(&responder, question, 1).await[0]).contains("http://x"));
}
